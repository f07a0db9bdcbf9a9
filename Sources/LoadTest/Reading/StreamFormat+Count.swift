// SPDX-License-Identifier: Apache-2.0

extension StreamFormat {
    /// The member that counts an answer's tokens; nil where it is more than one.
    var countName: String? {
        switch self {
        case .openAIChat, .openAICompletions: "completion_tokens"
        case .openAIResponses, .anthropicMessages, .eventSource: "output_tokens"
        case .gemini: nil
        case .ollama: "eval_count"
        case .uiMessageStream: "outputTokens"
        }
    }
}

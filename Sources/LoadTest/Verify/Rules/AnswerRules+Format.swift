// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension StreamFormat {
    /// The rules of the format.
    var rules: any AnswerRules {
        switch self {
        case .eventSource: EventSourceRules()
        case .openAIChat: OpenAIChatRules()
        case .openAICompletions: OpenAICompletionsRules()
        case .openAIResponses: OpenAIResponsesRules()
        case .anthropicMessages: AnthropicMessagesRules()
        case .gemini: GeminiRules()
        case .ollama: OllamaRules()
        case .uiMessageStream: UIMessageRules()
        }
    }

    /// The format that an event speaks; nil where it could be of several.
    static func guess(_ frame: StreamFrame) -> StreamFormat? {
        guard frame.data.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return .eventSource }
        guard let value = try? JSONReader.read(frame.data) else { return nil }
        if value["done"] != nil, value["model"] != nil { return .ollama }
        return FormatGuess.format(of: value, named: frame.name)
    }
}

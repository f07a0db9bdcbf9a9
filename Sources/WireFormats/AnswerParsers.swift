// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// The parsers of upstreams' answers, by the format that they read.
public enum AnswerParsers {
    /// Nil where the format is no upstream's.
    /// - Parameters:
    ///   - wantsUsage: Token counts were asked for, so they are waited for.
    ///   - limit: The most bytes of one line or event.
    public static func parser(for format: WireFormat, wantsUsage: Bool = true, limit: Int) -> (any AnswerParser)? {
        switch format {
        case .openAIChat: OpenAIChatStreamParser(wantsUsage: wantsUsage, limit: limit)
        case .openAIResponses: OpenAIResponsesStreamParser(limit: limit)
        case .anthropicMessages: AnthropicMessagesStreamParser(limit: limit)
        case .gemini: GeminiStreamParser(limit: limit)
        case .ollamaChat, .ollamaGenerate: OllamaStreamParser(limit: limit)
        case .uiMessageStream: UIMessageStreamParser(limit: limit)
        case .plainStream, .openAICompletions: nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import WireFormats

/// The parsers of upstreams' answers, by the format that they read.
enum AnswerParsers {
    /// Nil where the format is no upstream's.
    /// - Parameter limit: The most bytes of one line or event.
    static func parser(for format: WireFormat, limit: Int) -> (any AnswerParser)? {
        switch format {
        case .openAIChat: OpenAIChatStreamParser(wantsUsage: true, limit: limit)
        case .openAIResponses: OpenAIResponsesStreamParser(limit: limit)
        case .anthropicMessages: AnthropicMessagesStreamParser(limit: limit)
        case .gemini: GeminiStreamParser(limit: limit)
        case .ollamaChat, .ollamaGenerate: OllamaStreamParser(limit: limit)
        case .uiMessageStream: UIMessageStreamParser(limit: limit)
        case .plainStream, .openAICompletions: nil
        }
    }
}

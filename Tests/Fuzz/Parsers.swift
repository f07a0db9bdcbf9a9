// SPDX-License-Identifier: Apache-2.0

import Conversation
import WireFormats

/// The parsers of upstreams' answers.
enum Parsers {
    /// Nil where the format is no upstream's.
    /// - Parameter limit: The most bytes of one line or event.
    static func parser(for format: WireFormat, limit: Int = 8 << 20) -> (any AnswerParser)? {
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

    /// A request in each format that an upstream's answer may be told in.
    static let askers: [any WireRequest] = {
        func body(_ text: String) -> [UInt8] { Array(text.utf8) }
        let chat = body(#"{"model":"m","max_tokens":9,"prompt":"p","messages":[{"role":"user","content":"u"}]}"#)
        let responses = body(#"{"model":"m","input":"u"}"#)
        let contents = body(#"{"contents":[{"parts":[{"text":"u"}]}]}"#)
        let readers: [() throws -> any WireRequest] = [
            { try OpenAIChatRequest(body: chat) },
            { try OpenAICompletionsRequest(body: chat) },
            { try OpenAIResponsesRequest(body: responses) },
            { try AnthropicMessagesRequest(body: chat, version: "2023-06-01") },
            { try GeminiRequest(body: contents, model: "m", isStreamed: true, isEventStream: true) },
            { try GeminiRequest(body: contents, model: "m", isStreamed: true, isEventStream: false) },
            { try OllamaChatRequest(body: chat) },
            { try OllamaGenerateRequest(body: chat) },
            { try UIMessageStreamRequest(body: chat) },
        ]
        let askers = readers.compactMap { try? $0() }
        Promise.check(askers.count == readers.count, "a plain request is refused")
        return askers
    }()
}

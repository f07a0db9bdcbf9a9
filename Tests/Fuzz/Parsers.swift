// SPDX-License-Identifier: Apache-2.0

import Conversation
import WireFormats

/// What the fuzzing of upstreams' answers needs.
enum Parsers {
    /// The most bytes of one line or event, as the gateway has it.
    static let limit = 8 << 20

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

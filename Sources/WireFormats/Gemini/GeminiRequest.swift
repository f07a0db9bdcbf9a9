// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// A request of Gemini's API: `generateContent`, `streamGenerateContent` or `countTokens` (gemini.md).
public struct GeminiRequest: WireRequest, Equatable {
    public let chat: ChatRequest
    /// A streamed answer comes as Server-Sent Events (`alt=sse`), not as one JSON array.
    public let isEventStream: Bool

    /// Reads the body of `generateContent` and `streamGenerateContent`; the rest of the request is in its address.
    /// - Parameters:
    ///   - model: What follows `models/` in the path, without the verb; with `models/` before it is taken too.
    ///   - isStreamed: The verb is `streamGenerateContent`.
    ///   - isEventStream: The query has `alt=sse`.
    public init(body: [UInt8], model: String, isStreamed: Bool, isEventStream: Bool) throws(RequestProblem) {
        let body = try BodyField(body: body)
        chat = try Self.chat(body, model: model, isStreamed: isStreamed)
        self.isEventStream = isEventStream
    }

    /// Reads the body of `countTokens`: contents alone, or a whole request in `generateContentRequest`.
    /// - Parameter model: As in ``init(body:model:isStreamed:isEventStream:)``.
    public init(countBody body: [UInt8], model: String) throws(RequestProblem) {
        let body = try BodyField(body: body)
        let inner = try body.either("generateContentRequest")?.object()
        chat = try Self.chat(inner ?? body, model: model, isStreamed: false)
        isEventStream = false
    }

    public var streamType: String { isEventStream ? "text/event-stream" : "application/json" }

    public var fields: [(name: String, value: String)] { [] }

    public func renderer(for identity: AnswerIdentity) -> any AnswerRenderer {
        GeminiRenderer(identity: identity, choices: chat.choices, isEventStream: isEventStream)
    }

    public func body(of answer: WholeAnswer, for identity: AnswerIdentity) -> [UInt8] {
        GeminiBody.bytes(of: answer, for: identity)
    }

    private static func chat(_ body: BodyField, model: String, isStreamed: Bool) throws(RequestProblem) -> ChatRequest {
        let prefix = "models/"
        var chat = ChatRequest(
            model: model.hasPrefix(prefix) ? String(model.dropFirst(prefix.count)) : model,
            messages: try GeminiConversation.messages(body),
            format: .gemini,
            wantsUsage: true
        )
        chat.isStreamed = isStreamed
        if let config = body.either("generationConfig") {
            try GeminiGenerationConfig.apply(try config.object(), to: &chat)
        }
        chat.tools = try GeminiTools.definitions(body.either("tools"))
        if let config = try body.either("toolConfig")?.object().either("functionCallingConfig") {
            try GeminiTools.apply(try config.object(), to: &chat)
        }
        return chat
    }
}

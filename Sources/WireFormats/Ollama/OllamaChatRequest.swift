// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// A request of Ollama's `POST /api/chat`.
public struct OllamaChatRequest: WireRequest {
    public var chat: ChatRequest
    /// There are no messages: the model is to be loaded, or unloaded. ``loadBody(for:)`` is the answer.
    public let isLoad: Bool
    /// The model is not to be kept.
    public let isUnload: Bool

    public init(body: [UInt8]) throws(RequestProblem) {
        let body = try BodyField(body: body)
        let settings = try OllamaSettings(body)
        let messages = try OllamaConversation.messages(body.optional("messages"))
        chat = settings.chat(messages, .ollamaChat)
        chat.tools = try OllamaConversation.tools(body.optional("tools"))
        isLoad = messages.isEmpty
        isUnload = messages.isEmpty && settings.keepsNothing
    }

    public var streamType: String { "application/x-ndjson" }

    public var fields: [(name: String, value: String)] { [] }

    public func renderer(for identity: AnswerIdentity) -> any AnswerRenderer {
        OllamaRenderer(.chat, for: identity)
    }

    public func body(of answer: WholeAnswer, for identity: AnswerIdentity) -> [UInt8] {
        OllamaBody.body(of: answer, .chat, for: identity)
    }

    /// The answer of a request that ``isLoad``: one object, streamed or not.
    public func loadBody(for identity: AnswerIdentity) -> [UInt8] {
        OllamaBody.loadBody(.chat, unloads: isUnload, for: identity)
    }
}

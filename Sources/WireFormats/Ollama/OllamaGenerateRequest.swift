// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// A request of Ollama's `POST /api/generate`.
public struct OllamaGenerateRequest: WireRequest {
    public var chat: ChatRequest
    /// There is no prompt: the model is to be loaded, or unloaded. ``loadBody(for:)`` is the answer.
    public let isLoad: Bool
    /// The model is not to be kept.
    public let isUnload: Bool

    public init(body: [UInt8]) throws(RequestProblem) {
        let body = try BodyField(body: body)
        let settings = try OllamaSettings(body)
        let prompt = try body.optional("prompt")?.text() ?? ""
        let system = try body.optional("system")?.text() ?? ""
        let images = try OllamaConversation.images(body.optional("images"))
        var messages = [ChatMessage(role: .user, content: prompt, attachments: images)]
        if !system.isEmpty { messages.insert(ChatMessage(role: .system, content: system), at: 0) }
        chat = settings.chat(messages, .ollamaGenerate)
        isLoad = prompt.isEmpty
        isUnload = prompt.isEmpty && settings.keepsNothing
    }

    public var streamType: String { "application/x-ndjson" }

    public var fields: [(name: String, value: String)] { [] }

    public func renderer(for identity: AnswerIdentity) -> any AnswerRenderer {
        OllamaRenderer(.generate, for: identity)
    }

    public func body(of answer: WholeAnswer, for identity: AnswerIdentity) -> [UInt8] {
        OllamaBody.body(of: answer, .generate, for: identity)
    }

    /// The answer of a request that ``isLoad``: one object, streamed or not.
    public func loadBody(for identity: AnswerIdentity) -> [UInt8] {
        OllamaBody.loadBody(.generate, unloads: isUnload, for: identity)
    }
}

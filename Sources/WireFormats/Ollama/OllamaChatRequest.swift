// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// A request of Ollama's `POST /api/chat`.
public struct OllamaChatRequest: OllamaRequest {
    public static let kind = OllamaKind.chat

    public var chat: ChatRequest
    /// There are no messages.
    public let isLoad: Bool
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
}

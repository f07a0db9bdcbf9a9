// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// A request of Ollama's `POST /api/generate`.
public struct OllamaGenerateRequest: OllamaRequest {
    public static let kind = OllamaKind.generate

    public var chat: ChatRequest
    /// There is no prompt.
    public let isLoad: Bool
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
}

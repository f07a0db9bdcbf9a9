// SPDX-License-Identifier: Apache-2.0

/// What a client asks a model, whatever wire format it came in.
public struct ChatRequest: Equatable, Sendable {
    /// A name of the catalogue, without parameters.
    public var model: String
    /// The conversation so far, oldest first; the system text, if any, is its first message.
    public var messages: [ChatMessage]
    /// Whether token counts are asked for at the end.
    public var wantsUsage: Bool

    public init(model: String, messages: [ChatMessage], wantsUsage: Bool = false) {
        self.model = model
        self.messages = messages
        self.wantsUsage = wantsUsage
    }

    /// The text of the last message that the user wrote; empty where there is none.
    public var lastUserText: String {
        messages.last { $0.role == .user }?.content ?? ""
    }
}

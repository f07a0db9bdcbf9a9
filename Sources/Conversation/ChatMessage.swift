// SPDX-License-Identifier: Apache-2.0

/// One turn of a conversation.
public struct ChatMessage: Equatable, Sendable {
    /// Who speaks; the raw values are the names that the wire formats share.
    public enum Role: String, CaseIterable, Sendable {
        case system
        case developer
        case user
        case assistant
        case tool
    }

    public var role: Role
    /// The text of all its parts, one after the other.
    public var content: String
    /// Images, audio, files.
    public var attachments: [Attachment]
    /// The calls that an assistant made.
    public var toolCalls: [ToolCall]
    /// What an assistant thought aloud before it answered, where the client gives it back.
    public var reasoning = ""
    /// What proves to the model's maker that ``reasoning`` is the model's own, where the format has that.
    public var reasoningSignature: String?
    /// A `tool` message tells that the tool failed.
    public var isError = false
    /// The call whose result a `tool` message is.
    public var toolCallID: String?
    /// The tool whose result a `tool` message is, or the speaker's name, where the format tells.
    public var name: String?

    public init(
        role: Role,
        content: String,
        attachments: [Attachment] = [],
        toolCalls: [ToolCall] = [],
        toolCallID: String? = nil,
        name: String? = nil
    ) {
        self.role = role
        self.content = content
        self.attachments = attachments
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.name = name
    }
}

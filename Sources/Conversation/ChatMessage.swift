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
    public var content: String

    public init(role: Role, content: String) {
        self.role = role
        self.content = content
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// The names of a response and of its items: the same in each event and each copy (openai-responses.md 4.2).
public struct OpenAIResponseIDs: Equatable, Sendable {
    private let identity: AnswerIdentity

    public init(for identity: AnswerIdentity) {
        self.identity = identity
    }

    /// `resp_…`
    public var response: String { identity.hexName("resp_", length: 48) }

    /// The name of the item at place `index` of the output.
    /// - Parameter prefix: `msg_`, `rs_`, `fc_`.
    func item(_ prefix: String, at index: Int) -> String {
        identity.hexName(prefix, length: 48, salt: UInt64(index) + 1)
    }

    /// A call's own id, or one drawn for it where it has none: what the client sends back with its result.
    /// - Parameter number: How many calls the answer had before.
    func call(_ call: ToolCall, number: Int) -> String {
        identity.toolCallID(of: call, at: number)
    }

    /// The name of the item at place `index` of the input.
    func input(_ prefix: String, at index: Int) -> String {
        identity.hexName(prefix, length: 48, salt: 1 << 32 + UInt64(index))
    }

    /// What stands for the sealed form of the reasoning at place `index`; nobody can open it.
    func seal(at index: Int) -> String {
        identity.name("gAAAAA", length: 90, salt: UInt64(index) + 1)
    }
}

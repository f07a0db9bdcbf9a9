// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// The names in an answer, the same whether it is streamed or not.
struct AnthropicNames {
    private let identity: AnswerIdentity

    init(_ identity: AnswerIdentity) {
        self.identity = identity
    }

    var message: String { identity.name("msg_01", length: 22) }

    /// The call's own id, or else one made up. An id in OpenAI's style (`call_…`) is put into Anthropic's, because
    /// programs tell by it whose call it is.
    /// - Parameter block: The index of its block.
    func tool(_ call: ToolCall, block: Int) -> String {
        if call.id.isEmpty { return identity.name("toolu_01", length: 22, salt: UInt64(block) + 1) }
        return call.id.hasPrefix("call_") ? "toolu_" + call.id.dropFirst(5) : call.id
    }

    /// What a thinking block is signed with: 64 characters of base64 that stand for nothing.
    func signature(block: Int) -> String {
        identity.name("Er", length: 62, salt: UInt64(block) + 1)
    }
}

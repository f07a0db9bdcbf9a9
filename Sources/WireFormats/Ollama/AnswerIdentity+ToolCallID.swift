// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension AnswerIdentity {
    /// The id of the answer's call number `index`: its own, or one drawn for it where it has none.
    func toolCallID(of call: ToolCall, at index: Int) -> String {
        // Past the salts of other names.
        call.id.isEmpty ? name("call_", length: 8, salt: 1_000 &+ UInt64(truncatingIfNeeded: index)) : call.id
    }
}

// SPDX-License-Identifier: Apache-2.0

/// One thing a model says, in the order in which it says it. `end` or `fault` is the last, and comes once.
public enum ChatEvent: Equatable, Sendable {
    /// Text of the answer, as bytes: an upstream may cut it inside a UTF-8 sequence or a surrogate pair
    /// (``TextAssembler`` mends both).
    case text([UInt8])
    /// Text that the model thinks aloud, not part of the answer.
    case reasoning([UInt8])
    /// Text of a refusal, where the format tells it from the answer's.
    case refusal([UInt8])
    /// A piece of a tool call.
    case toolCall(ToolCallDelta)
    /// Token counts.
    case usage(Usage)
    /// The answer is whole, and why it ends here.
    case end(FinishReason)
    /// The answer is not whole, and why.
    case fault(ChatFault)
}

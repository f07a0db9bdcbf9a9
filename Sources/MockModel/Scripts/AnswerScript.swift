// SPDX-License-Identifier: Apache-2.0

public import Conversation
public import Typewriter

/// What a mock says, step by step: one of the answers to a request.
public struct AnswerScript: Equatable, Sendable {
    public enum Step: Equatable, Sendable {
        /// Valid UTF-8, as are the next two.
        case reasoning([UInt8])
        case text([UInt8])
        case refusal([UInt8])
        case toolCall(ToolCall)
        /// The model says nothing for that long.
        case pause(Nanoseconds)
        /// The fault acts when all before it has been said; its own place is not looked at.
        case fault(Fault)
    }

    public var steps: [Step]
    public var finish: FinishReason
    /// The counts to tell; nil tells an estimate.
    public var usage: Usage?

    public init(steps: [Step], finish: FinishReason = .stop, usage: Usage? = nil) {
        self.steps = steps
        self.finish = finish
        self.usage = usage
    }
}

// SPDX-License-Identifier: Apache-2.0

/// An answer that is complete, for clients that do not read a stream.
public struct WholeAnswer: Equatable, Sendable {
    /// One of the answers to a request.
    public struct Choice: Equatable, Sendable {
        public var reasoning: [UInt8] = []
        public var text: [UInt8] = []
        public var refusal: [UInt8] = []
        public var toolCalls: [ToolCall] = []
        public var finish = FinishReason.stop
        /// Byte offsets in `text` at which its tokens end; filled where log probabilities are asked for.
        public var tokenEnds: [Int] = []

        public init() {}
    }

    /// At least one.
    public var choices: [Choice]
    public var usage: Usage

    public init(choices: [Choice], usage: Usage) {
        self.choices = choices
        self.usage = usage
    }
}

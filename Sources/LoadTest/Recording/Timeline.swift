// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// What happened in each second of a run; in a long one, in each two, four, … seconds, so that it stays small.
public struct Timeline: Sendable {
    /// The length of a window.
    public var width: Nanoseconds = .second
    /// From the run's start on, the warm-up's too.
    public var windows: [Window] = []

    /// Times in nanoseconds.
    public struct Window: Equatable, Sendable {
        public var begun = 0
        public var completed = 0
        public var failed = 0
        public var contents = 0
        /// Streams that ran, at most.
        public var streams = 0
        public var longestGap: Nanoseconds = 0
        /// Of first tokens that came in the window: how many, their sum, and the latest.
        public var firstTokens = 0
        public var firstTokenSum: Nanoseconds = 0
        public var firstTokenMax: Nanoseconds = 0

        public init() {}
    }

    public init() {}
}

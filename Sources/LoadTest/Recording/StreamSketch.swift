// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// One stream in outline, for a picture.
public struct StreamSketch: Equatable, Sendable {
    public var number = 0
    public var end = StreamEnd.complete
    /// From the run's start.
    public var planned: Nanoseconds = 0
    /// From `planned`; 0: did not happen.
    public var sent: Nanoseconds = 0
    public var firstContent: Nanoseconds = 0
    public var lastContent: Nanoseconds = 0
    public var longestGap: Nanoseconds = 0
    public var contents = 0
    /// The longest gap in each 32nd part of the stream's events, in order; fewer where it had fewer gaps.
    public var gaps: [Nanoseconds] = []

    public init() {}

    init(_ state: StreamState, end: StreamEnd, gaps: [Nanoseconds]) {
        number = state.order.number
        self.end = end
        planned = state.order.planned
        sent = state.sent == 0 ? 0 : state.sent - state.planned
        if state.contents > 0 {
            firstContent = state.firstContent - state.planned
            lastContent = state.lastContent - state.planned
        }
        longestGap = state.longestGap
        contents = Int(state.contents)
        self.gaps = gaps
    }
}

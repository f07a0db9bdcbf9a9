// SPDX-License-Identifier: Apache-2.0

/// When a second target is asked while the first one is still silent; who says a token first, answers.
public struct HedgeSettings: Equatable, Sendable {
    /// Of the target's times to first token, 1 to 99.
    public var percentile = 95.0
    /// The least wait, in milliseconds, and the wait while too few answers have been measured.
    public var leastMilliseconds = 1_000

    public init() {}
}

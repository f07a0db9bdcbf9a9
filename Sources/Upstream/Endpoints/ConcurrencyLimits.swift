// SPDX-License-Identifier: Apache-2.0

/// How many requests an upstream gets at once, and how many wait for their turn.
public struct ConcurrencyLimits: Equatable, Sendable {
    /// Nil is without limit.
    public var atOnce: Int?
    /// Requests that wait; one more is refused.
    public var queue = 100
    /// How long one waits at most, in milliseconds.
    public var queueMilliseconds = 10_000

    public init() {}
}

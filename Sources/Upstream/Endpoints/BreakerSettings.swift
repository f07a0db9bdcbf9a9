// SPDX-License-Identifier: Apache-2.0

/// When a target that fails is left alone for a while.
public struct BreakerSettings: Equatable, Sendable {
    /// Failures in a row after which it opens.
    public var failures = 5
    /// How long it stays open, in milliseconds, before one request may try.
    public var openMilliseconds = 10_000
    /// Requests that have to succeed, one at a time, before it closes again.
    public var successes = 1

    public init() {}
}

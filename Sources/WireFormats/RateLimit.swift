// SPDX-License-Identifier: Apache-2.0

/// How much of a limit of requests a minute is left.
public struct RateLimit: Equatable, Sendable {
    /// Requests a minute.
    public var limit: Int
    public var remaining: Int
    /// Seconds until all are there again.
    public var resetSeconds: Double
    /// Unix time in seconds, to which `resetSeconds` is added where a format tells a time of day.
    public var now: Double

    public init(limit: Int, remaining: Int, resetSeconds: Double, now: Double) {
        self.limit = limit
        self.remaining = remaining
        self.resetSeconds = resetSeconds
        self.now = now
    }
}

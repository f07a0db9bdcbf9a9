// SPDX-License-Identifier: Apache-2.0

/// When a request that failed before its first token is sent again, to the next target where there is one.
public struct RetrySettings: Equatable, Sendable {
    /// What a request may have failed of.
    public enum Cause: String, CaseIterable, Sendable {
        /// There never was a connection.
        case connect
        /// The connection was lost before the first token.
        case reset
        /// A clock ran out before the first token: worth another target, never the same one again.
        case timeout
        /// 429.
        case rateLimit = "429"
        /// 408.
        case requestTimeout = "408"
        /// 500 to 599.
        case serverError = "5xx"
    }

    /// Requests to upstreams for one answer, the first one too; from 1.
    public var attempts = 3
    /// The back-off before retry k is drawn from 0 to the smaller of `longest` and `base` × 2^(k-1), in milliseconds. The
    /// next target is asked at once where it has not been asked yet.
    public var baseMilliseconds = 200
    public var longestMilliseconds = 5_000
    /// A `Retry-After` that is longer ends the retries on that target.
    public var longestRetryAfterMilliseconds = 10_000
    public var causes = Set(Cause.allCases)

    public init() {}
}

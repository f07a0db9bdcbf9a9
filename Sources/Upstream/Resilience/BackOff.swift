// SPDX-License-Identifier: Apache-2.0

/// How long a retry waits: exponential, with full jitter, so that requests that failed together do not come back
/// together.
struct BackOff: Sendable {
    private let base: Int64
    private let longest: Int64
    private let longestRetryAfter: Int64

    init(_ settings: RetrySettings) {
        base = Int64(milliseconds: settings.baseMilliseconds)
        longest = Int64(milliseconds: settings.longestMilliseconds)
        longestRetryAfter = Int64(milliseconds: settings.longestRetryAfterMilliseconds)
    }

    /// Nanoseconds to wait.
    /// - Parameters:
    ///   - k: The first retry is 1.
    ///   - retryAfter: Seconds that the upstream asked for; the wait is not shorter.
    /// - Returns: Nil where the upstream asks for more than the settings allow: no retry.
    func delay(
        beforeRetry k: Int,
        retryAfter: Double?,
        using generator: inout some RandomNumberGenerator
    ) -> Int64? {
        let drawn = Int64.random(in: 0...ceiling(ofRetry: k), using: &generator)
        guard let retryAfter, retryAfter > 0 else { return drawn }
        let asked = (retryAfter * 1e9).rounded(.up)
        return asked <= Double(longestRetryAfter) ? max(drawn, Int64(asked)) : nil
    }

    /// The smaller of `longest` and `base` × 2^(k-1).
    private func ceiling(ofRetry k: Int) -> Int64 {
        var ceiling = base
        var doublings = min(k, 64) - 1
        while doublings > 0, ceiling < longest {
            ceiling *= 2
            doublings -= 1
        }
        return min(ceiling, longest)
    }
}

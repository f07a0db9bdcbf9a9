// SPDX-License-Identifier: Apache-2.0

extension Int64 {
    /// Some thirty years: far more than any clock needs, and sums of a few of them still fit.
    private static let mostMilliseconds = 1_000_000_000_000

    /// Nanoseconds; what is below 0 or beyond thirty years is brought within.
    init(milliseconds: Int) {
        self = Int64(Swift.min(Swift.max(milliseconds, 0), Self.mostMilliseconds)) * 1_000_000
    }
}

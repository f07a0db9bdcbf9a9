// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A moving average that takes a higher value at once and forgets it slowly: who became slow is spared soon, and asked
/// again as the average fades.
struct PeakEWMA: Sendable {
    /// Nanoseconds in which what is known fades to 1/e.
    private static let timeConstant = 10e9

    private var average = 0.0
    private var lastTime: Int64 = 0

    mutating func observe(_ value: Int64, now: Int64) {
        let value = Double(max(value, 0))
        let share = fading(until: now)
        average = max(value, average * share + value * (1 - share))
        lastTime = max(lastTime, now)
    }

    /// 0 before the first value, and nearly so long after the last.
    func value(now: Int64) -> Double {
        average * fading(until: now)
    }

    /// A clock that goes backwards counts as one that stands.
    private func fading(until now: Int64) -> Double {
        let elapsed = Double(now) - Double(lastTime)
        return exp(-max(elapsed, 0) / Self.timeConstant)
    }
}

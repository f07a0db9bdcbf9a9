// SPDX-License-Identifier: Apache-2.0

/// Decides when an upstream is asked whether it is well, and from when on it counts as down or as up again.
public struct HealthCheck: Sendable {
    private let settings: HealthCheckSettings
    private var isHealthy = true
    /// Answers in a row that say otherwise.
    private var contradictions = 0

    /// When the next check is due; the first at once. It moves on with each answer, not with the question.
    public private(set) var nextTime: Int64

    /// It counts as well until checks say otherwise.
    public init(_ settings: HealthCheckSettings, now: Int64) {
        self.settings = settings
        nextTime = now
    }

    /// A check is over; one that had no answer in time was not well.
    /// - Returns: The new state where it changes, otherwise nil.
    public mutating func answered(isWell: Bool, now: Int64) -> Bool? {
        nextTime = now + max(Int64(milliseconds: settings.intervalMilliseconds), 1_000_000)
        guard isWell != isHealthy else {
            contradictions = 0
            return nil
        }
        contradictions += 1
        guard contradictions >= (isHealthy ? settings.failures : settings.successes) else { return nil }
        contradictions = 0
        isHealthy = isWell
        return isWell
    }
}

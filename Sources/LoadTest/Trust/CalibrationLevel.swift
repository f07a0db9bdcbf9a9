// SPDX-License-Identifier: Apache-2.0

internal import TLS
internal import Typewriter

/// One load of a calibration: streams by a known schedule.
public struct CalibrationLevel: Equatable, Sendable {
    public var streams: Int
    /// Events a second of each stream.
    public var rate: Double

    /// From the request to the first event.
    static let firstToken = 100 * Nanoseconds.millisecond
    /// How long a stream goes on after its first event.
    private static let length = 1.0
    /// What is measured, after the ramp.
    private static let duration = 2 * Nanoseconds.second

    public init(streams: Int, rate: Double) {
        self.streams = max(streams, 1)
        self.rate = min(max(rate, 0.1), 10_000)
    }

    /// Rising loads at a rate, each half as much again or more, up to `most` streams.
    public static func rising(rate: Double, to most: Int) -> [CalibrationLevel] {
        let counts = [100, 250, 500, 1000, 1500, 2500, 3500, 5000, 7000, 10_000, 15_000, 20_000]
        let fitting = counts.filter { $0 < most } + [most]
        return fitting.filter { $0 > 0 }.map { CalibrationLevel(streams: $0, rate: rate) }
    }

    var gap: Nanoseconds { Nanoseconds((1e9 / rate).rounded()) }

    var schedule: CalibrationSchedule {
        let count = max(Int((Self.length * rate).rounded()), 2)
        return CalibrationSchedule(firstToken: Self.firstToken, gap: gap, count: count)
    }

    /// The plan that measures it.
    /// - Parameters:
    ///   - port: Of the engine's server: a ``CalibrationServer``, or a ``SecureCalibrationServer``.
    ///   - engine: That is to play it.
    public func plan(port: UInt16, engine: LoadPlan.Engine) -> LoadPlan {
        let url = "\(engine == .nio ? "https" : "http")://127.0.0.1:\(port)/"
        var target = Target(url: url, host: "127.0.0.1", port: port, path: schedule.path)
        target.isSecure = engine == .nio
        target.format = .openAIChat
        target.cadence = PromisedCadence(firstToken: Self.firstToken, gap: gap)
        // Spread over a stream's life, so that starts keep coming evenly as streams end and begin again.
        let life = Self.firstToken + Nanoseconds(schedule.count - 1) * gap
        var plan = LoadPlan(targets: [target], arrivals: .closed(concurrency: streams, ramp: life))
        plan.warmUp = .time(life)
        plan.duration = Self.duration
        plan.drain = 2 * life
        plan.security.isUnverified = true
        return plan
    }
}

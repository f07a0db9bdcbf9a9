// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension ArrivalSchedule {
    /// Draws the arrivals of a rate: as many as the rate makes in that time, no matter how they fall. The first is at 0.
    ///
    /// Chance decides the gaps at a rate of 1; they are stretched so that the whole has exactly its length, and then
    /// laid along the profile.
    /// - Parameter seed: Equal seeds draw equal times, on each machine.
    public static func drawn(
        _ pattern: ArrivalPattern,
        along profile: RateProfile,
        for extent: RunExtent,
        seed: UInt64
    ) throws(PlanProblem) -> ArrivalSchedule {
        let count = extent.count(along: profile)
        guard count.isFinite else {
            throw PlanProblem("nothing says when the load ends", example: "--duration 30s or --requests 1000")
        }
        guard count <= Double(most) else { throw tooMany(count) }
        var clock = RateClock(profile)
        var times: [Nanoseconds] = []
        times.reserveCapacity(Int(count))
        switch pattern {
        case .constant:
            for index in 0..<Int(count) { times.append(nanoseconds(clock.time(of: Double(index)))) }
        case .gamma(let shape):
            for arrival in unitArrivals(Int(count), shape: shape, seed: seed) {
                times.append(nanoseconds(clock.time(of: arrival)))
            }
        }
        return ArrivalSchedule(times: times, summary: "\(pattern.summary), \(profile.summary)")
    }

    /// All at once: the rate `inf`.
    public static func atOnce(_ extent: RunExtent) throws(PlanProblem) -> ArrivalSchedule {
        guard let requests = extent.requests else {
            throw PlanProblem("a rate of inf needs a number of requests", example: "--request-rate inf --requests 1000")
        }
        var count = requests
        if case .requests(let warmUps) = extent.warmUp { count = count.addingReportingOverflow(warmUps).partialValue }
        guard (0...most).contains(count) else { throw tooMany(Double(requests)) }
        return ArrivalSchedule(times: Array(repeating: 0, count: count), summary: "all at once")
    }

    static func tooMany(_ count: Double) -> PlanProblem {
        PlanProblem(
            "the schedule has \(PlanText.number(count.rounded())) arrivals; \(most) is the most: take a lower rate or a "
                + "shorter run"
        )
    }

    /// `count` arrivals at a rate of 1, from 0 on.
    private static func unitArrivals(_ count: Int, shape: Double, seed: UInt64) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        var arrivals: [Double] = []
        arrivals.reserveCapacity(count)
        var sum = 0.0
        for _ in 0..<count {
            arrivals.append(sum)
            sum += generator.gamma(shape: max(shape, ArrivalPattern.leastShape))
        }
        let stretch = sum > 0 ? Double(count) / sum : 0
        for index in arrivals.indices { arrivals[index] *= stretch }
        return arrivals
    }

    private static func nanoseconds(_ seconds: Double) -> Nanoseconds {
        Nanoseconds(min(seconds * 1e9, 9e18).rounded())
    }
}

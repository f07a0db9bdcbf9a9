// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

@testable import LoadTest

struct ArrivalScheduleTests {
    private func draw(
        _ pattern: ArrivalPattern = .constant,
        _ profile: RateProfile = .constant(10),
        requests: Int? = nil,
        seconds: Int64? = nil,
        warmUp: LoadPlan.WarmUp? = nil,
        seed: UInt64 = 1
    ) throws -> ArrivalSchedule {
        let extent = RunExtent(requests: requests, duration: seconds.map { $0 * .second }, warmUp: warmUp)
        return try ArrivalSchedule.drawn(pattern, along: profile, for: extent, seed: seed)
    }

    @Test func `a constant rate's arrivals are equally far from each other`() throws {
        let schedule = try draw(requests: 4)
        #expect(schedule.times == [0, 100, 200, 300].map { $0 * .millisecond })
        #expect(schedule.summary == "constant, 10 a second")
    }

    @Test func `the same seed draws the same times, another one others`() throws {
        let first = try draw(.poisson, requests: 1000)
        #expect(try draw(.poisson, requests: 1000) == first)
        #expect(try draw(.poisson, requests: 1000).hash == first.hash)
        #expect(try draw(.poisson, requests: 1000, seed: 2).hash != first.hash)
        #expect(first.times == first.times.sorted())
        #expect(first.summary == "Poisson, 10 a second")
    }

    @Test(arguments: [0.1, 0.25, 1, 4, 100])
    func `a run has as many arrivals as its rate says, and their gaps vary as told`(shape: Double) throws {
        let schedule = try draw(.gamma(shape: shape), .constant(1000), seconds: 20)
        #expect(schedule.times.count == 20_000)
        let gaps = zip(schedule.times.dropFirst(), schedule.times).map { Double($0 - $1) / 1e6 }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
        let variation = variance.squareRoot() / mean
        #expect(abs(mean - 1) < 0.01)
        #expect(abs(variation * shape.squareRoot() - 1) < 0.1)
    }

    @Test func `a ramp begins at nothing and makes half of what its rate would`() throws {
        let schedule = try draw(.constant, .constant(100, ramp: 10 * .second), seconds: 20)
        #expect(schedule.times.count == 500 + 1000)
        #expect(schedule.times.count { $0 < 5 * .second } == 125)
        #expect(schedule.times.count { $0 < 10 * .second } == 500)
    }

    @Test func `stages follow each other, and end the run`() throws {
        let profile = try RateProfile(stages: "10:2s, 10-50:10s,0:5s,50:1s")
        let schedule = try draw(.constant, profile)
        #expect(schedule.times.count == 20 + 300 + 50)
        #expect(schedule.times.count { $0 < 2 * .second } == 20)
        #expect(schedule.times.count { $0 < 12 * .second } == 320)
        #expect(schedule.times.count { $0 >= 17 * .second } == 50)
        #expect(try draw(.poisson, profile).times.count == 370)
    }

    @Test func `requests, time and warm-up decide how many there are`() throws {
        #expect(try draw(seconds: 30).times.count == 300)
        #expect(try draw(seconds: 30, warmUp: .time(5 * .second)).times.count == 350)
        #expect(try draw(seconds: 30, warmUp: .requests(20)).times.count == 320)
        #expect(try draw(requests: 7, warmUp: .time(5 * .second)).times.count == 57)
        #expect(try draw(requests: 7, seconds: 30, warmUp: .requests(1)).times.count == 8)
        #expect(try ArrivalSchedule.atOnce(RunExtent(requests: 3, warmUp: .requests(2))).times == [0, 0, 0, 0, 0])
    }

    @Test func `a schedule without an end, or too long to hold, is refused`() {
        #expect(throws: PlanProblem.self) { try draw() }
        #expect(throws: PlanProblem.self) { try draw(.poisson, .constant(1_000_000), seconds: 17) }
        #expect(throws: PlanProblem.self) { try ArrivalSchedule.atOnce(RunExtent(duration: .second)) }
        #expect(throws: PlanProblem.self) {
            try ArrivalSchedule.atOnce(RunExtent(requests: .max, warmUp: .requests(1)))
        }
    }

    @Test func `a trace is read line by line, and begins at once`() throws {
        let seconds = Array("# seen on Monday\n10\n\n10.5\n 12e0 \n".utf8)
        #expect(try ArrivalSchedule.trace(seconds, file: "t").times == [0, .second / 2, 2 * .second])
        let rows =
            Array(#"{"timestamp": 27000, "input_length": 6758}"#.utf8) + [10] + Array(#"{"timestamp":27250.5}"#.utf8)
        let trace = try ArrivalSchedule.trace(rows, file: "mooncake.jsonl")
        #expect(trace.times == [0, 250_500_000])
        #expect(trace.summary == "trace mooncake.jsonl, 2 arrivals")
    }

    @Test(arguments: [
        ("1\nsoon", "t:2: 'soon' is no arrival"),
        ("1\n{\"time\":3}", "t:2: '{\"time\":3}' is no arrival"),
        ("1\nnan", "t:2: 'nan' is no arrival"),
        ("2\n\n1", "t:3: the time is before that of the line above"),
        ("# none", "t has no arrival"),
        ("0\n1700000000000", "t:2: '1700000000000' is no arrival"),
        ("0\n170000000000", "t spans more than a year"),
    ])
    func `what is wrong with a trace is told with its line`(text: String, message: String) {
        let problem = #expect(throws: PlanProblem.self) { try ArrivalSchedule.trace(Array(text.utf8), file: "t") }
        #expect(problem?.description.hasPrefix(message) == true, "\(problem?.description ?? "")")
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct PlanTextTests {
    @Test(arguments: [
        ("300ms", 300_000_000), ("10s", 10_000_000_000), ("2m", 120_000_000_000), ("1h", 3_600_000_000_000),
        ("1.5", 1_500_000_000), ("0", 0), (".5s", 500_000_000), ("50us", 50_000), ("2min", 120_000_000_000),
    ])
    func `times are read with their unit, and without one as seconds`(text: String, time: Nanoseconds) throws {
        #expect(try DurationText.nanoseconds(text) == time)
    }

    @Test(arguments: ["", "s", "-1s", "+1s", "10 s", "1d", "inf", "nan", "1e99", "0x10s", "ten"])
    func `what is no time is refused with an example`(text: String) {
        let problem = #expect(throws: PlanProblem.self) { try DurationText.nanoseconds(text) }
        #expect(problem?.description == "'\(text)' is no time: try 300ms, 10s, 2m, 1h")
    }

    @Test func `a warm-up is a number of requests, or a time with its unit`() throws {
        #expect(try LoadPlan.WarmUp("50") == .requests(50))
        #expect(try LoadPlan.WarmUp("10s") == .time(10 * .second))
        for text in ["", "-1", "1.5", "soon", "\(Int.max)"] {
            #expect(throws: PlanProblem.self) { try LoadPlan.WarmUp(text) }
        }
    }

    @Test func `a rate is a number above 0, or inf`() throws {
        #expect(try RequestRate("50") == .perSecond(50))
        #expect(try RequestRate("0.5") == .perSecond(0.5))
        #expect(try RequestRate("inf") == .unlimited)
        for text in ["0", "-1", "nan", "1e9", "", "fast"] {
            #expect(throws: PlanProblem.self) { try RequestRate(text) }
        }
    }

    @Test func `burstiness is a shape, or inf for a constant rate`() throws {
        #expect(try ArrivalPattern(burstiness: "1") == .poisson)
        #expect(try ArrivalPattern(burstiness: "inf") == .constant)
        for text in ["0", "-1", "0.001", "", "nan"] {
            #expect(throws: PlanProblem.self) { try ArrivalPattern(burstiness: text) }
        }
    }

    @Test(arguments: [
        "", "10", "10:", ":10s", "-10:5s", "10-:5s", "1-2-3:5s", "10:0s", "0:10s", "10:5s,,x:1s", "nan:1s",
    ])
    func `stages that say nothing are refused`(text: String) {
        #expect(throws: PlanProblem.self) { try RateProfile(stages: text) }
    }

    @Test func `objectives take the names of others too`() throws {
        let objectives = try Objectives("ttft:200 itl:50,e2el:3s")
        #expect(objectives.text == "ttft:200 itl:50,e2el:3s")
        #expect(
            objectives.limits == [
                .init(metric: .firstToken, most: 200 * .millisecond), .init(metric: .gap, most: 50 * .millisecond),
                .init(metric: .endToEnd, most: 3 * .second),
            ]
        )
        #expect(try Objectives("tpot:1.5,max_gap=500ms").limits.map(\.metric) == [.timePerToken, .longestGap])
        for text in ["", "ttft", "ttft:", "ttft:x", "speed:3", "late:3", "ttft:1,ttft:2", "gap:1,itl:2"] {
            #expect(throws: PlanProblem.self) { try Objectives(text) }
        }
    }

    @Test func `a cadence is a gap or a rate, with or without the first token`() throws {
        #expect(
            try PromisedCadence("ttft=100ms,gap=20ms")
                == PromisedCadence(firstToken: 100 * .millisecond, gap: 20 * .millisecond)
        )
        #expect(try PromisedCadence("rate=50") == PromisedCadence(firstToken: nil, gap: 20 * .millisecond))
        #expect(try PromisedCadence("gap=20") == PromisedCadence(firstToken: nil, gap: 20 * .millisecond))
        for text in ["", "ttft=100ms", "gap", "gap=1,rate=2", "gap=1,gap=2", "speed=3,gap=1", "rate=0", "rate=nan"] {
            #expect(throws: PlanProblem.self) { try PromisedCadence(text) }
        }
    }

    @Test func `a sweep doubles, takes a factor, or is a list`() throws {
        #expect(try SweepLevels("10..100").values == [10, 20, 40, 80, 100])
        #expect(try SweepLevels("10..20x1.5").values == [10, 15, 20])
        #expect(try SweepLevels("1..4x1.1").values == [1, 2, 3, 4])
        #expect(try SweepLevels("0.5..2").values == [0.5, 1, 2])
        #expect(try SweepLevels("7..7").values == [7])
        #expect(try SweepLevels("10, 20,50").values == [10, 20, 50])
        for text in ["", "..", "1..", "20..10", "0..10", "1..10x1", "1..10x", "3,2", "1,,2", "1..1000000x1.01", "a"] {
            #expect(throws: PlanProblem.self, "\(text)") { try SweepLevels(text) }
        }
    }

    @Test func `a header is a name, a colon and a value`() throws {
        #expect(try Target.Field("authorization:  Bearer a:b ") == .init(name: "authorization", value: "Bearer a:b"))
        #expect(try Target.Field("x:").value == "")
        for text in ["x", ": y", "a b: c", "x: a\nb: c", "content-length: 3", "Connection: close", "x: \u{0}"] {
            #expect(throws: PlanProblem.self, "\(text)") { try Target.Field(text) }
        }
    }

    @Test func `no text makes a parser crash`() {
        var dice = Dice(seed: 7)
        let letters = Array("0123456789.,:-=xsmhinfe{}[]/@#? \nttftgap")
        for _ in 0..<4000 {
            let text = String(
                (0..<Int.random(in: 0...20, using: &dice)).map { _ in
                    letters[Int.random(in: 0..<letters.count, using: &dice)]
                }
            )
            _ = try? DurationText.nanoseconds(text)
            _ = try? LoadPlan.WarmUp(text)
            _ = try? RateProfile(stages: text)
            _ = try? Objectives(text)
            _ = try? PromisedCadence(text)
            _ = try? SweepLevels(text)
            _ = try? Target(url: "http://" + text)
            _ = try? Target.Field(text)
            _ = try? ArrivalSchedule.trace(Array(text.utf8), file: "t")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct AssertionTests {
    /// 1,000 first tokens after 1…1,000 ms, 1,000 gaps of 25 ms, 500 requests that came and 5 that failed.
    private let run: Report.Run = {
        var target = TargetRecord()
        for time in 1...1000 {
            target[.firstToken].record(Nanoseconds(time) * .millisecond)
            target[.gap].record(25 * .millisecond)
            target[.tokenRate].record(40_000 * 1000)
            target[.rebuffer].record(20_000 * 1000)
        }
        target.ends = [.complete: 500, .reset: 5, .cut: 7]
        target.planned = 512
        target.begun = 512
        target.contents = 3000
        target.seconds = 10
        target.metObjectives = 490
        var run = Report.Run()
        run.record.targets = [target]
        run.goodput = Goodput(objectives: "ttft:200", met: 490, of: 505, perSecond: 49)
        return run
    }()

    @Test(arguments: [
        ("ttft.p99<991ms", true), ("ttft.p99<900ms", false), ("ttft.p99 < 0.991s", true), ("ttft.p50<=501", true),
        ("ttft.mean<500500us", false), ("ttft.mean<=500.5ms", true), ("ttft.min==1ms", true), ("ttft.max==1s", true),
        ("ttft.p75>749ms", true), ("gap.p50<=25ms", true), ("gap.p50<25ms", false), ("gap.p90!=25ms", false),
        ("gap.count==1000", true), ("stall.count==0", true), ("stall.max<1s", false), ("tps_user.p50>=40", true),
        ("tps_user.p50>40.1", false), ("rebuffer.p99<=2%", true), ("rebuffer.p99<1.9%", false),
        ("errors<1%", true), ("errors<0.9%", false), ("errors==5", true), ("completed==500", true), ("failed<5", false),
        ("cut==7", true), ("sent==512", true), ("planned>=512", true), ("goodput>97%", true), ("goodput>98%", false),
        ("goodput>=49", true), ("tps>=300", true), ("stalled_streams<1%", true), ("stalled_time==0%", true),
        ("shared_reads<=1%", true),
    ])
    func `an assertion holds or not`(text: String, holds: Bool) throws {
        #expect(try Assertion(text).judge(run).holds == holds)
    }

    @Test(arguments: [
        "", "ttft", "ttft.p99", "ttft.p99<", "ttft.p99<300%", "ttft.p99<-1ms", "ttft.p99<abc", "ttft<300ms",
        "ttfx.p99<1ms",
        "ttft.p100<1ms", "ttft.p0<1ms", "ttft.p-5<1ms", "ttft.pinf<1ms", "ttft.median<1ms", "errors<1ms",
        "completed==50%",
        "gap.count<3ms", "tps_user.p50>40ms", "rebuffer.p99<20", "stalled_time<3", "ttft.p99=300ms", "a<b<c", "<300ms",
        "ttft.p99<300msms", "ttft.p99<1.2.3ms", "ttft.p99<٣ms",
    ])
    func `what means nothing is refused, with an example`(text: String) {
        let error = #expect(throws: InvalidAssertion.self) { try Assertion(text) }
        #expect(error?.description.contains("ttft.p99<300ms") == true)
    }

    @Test func `any bytes are an assertion or an error`() {
        var dice = Dice(seed: 3)
        let parts = [
            "ttft", ".", "p99", "<", "=", ">", "300", "ms", "%", " ", "errors", "é", "!", "1e9",
            "p99999999999999999999",
        ]
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0..<8, using: &dice)).map { _ in parts.randomElement(using: &dice) ?? "" }
            if let assertion = try? Assertion(text.joined()) { _ = assertion.judge(run) }
        }
    }

    @Test func `too few samples miss an assertion, and it says so`() throws {
        let result = try Assertion("ttft.p99.9<2s").judge(run)
        #expect(!result.holds)
        #expect(result.measured == nil)
        #expect(result.note == "p99.9 takes 10,000 samples, and there are 1,000")
        #expect(try Assertion("late.p99<5ms").judge(run).note == "late was not measured once")
    }

    @Test func `the measured value is told in the unit of the assertion`() throws {
        let result = try Assertion("rebuffer.mean<1%").judge(run)
        #expect(result.measured == 2)
        #expect(result.unit == "%")
    }

    @Test func `goodput without objectives is a miss`() throws {
        var run = run
        run.goodput = nil
        #expect(try Assertion("goodput>0%").judge(run).note == "goodput has no objectives: give --goodput")
    }

    @Test func `an assertion has to hold for both targets`() throws {
        var run = run
        run.record.targets.append(TargetRecord())
        let result = try Assertion("completed==500").judge(run)
        #expect(!result.holds)
        #expect(result.note == "target B")
        #expect(!(try Assertion("errors<1%").judge(Report.Run()).holds))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

@testable import LoadTest

struct VerdictTests {
    /// A run of 10 s on an easy client: 20,000 events 20 ms apart, each read 60 µs after its arrival.
    private func run(_ change: (inout RunRecord) -> Void = { _ in }) -> RunRecord {
        var run = RunRecord()
        var target = TargetRecord()
        (target.planned, target.begun) = (1000, 1000)
        for _ in 0..<20_000 {
            run.signals.kernelToUser.record(60_000)
            target.record(.gap, 20 * .millisecond)
        }
        for _ in 0..<1000 { run.signals.sendLag.record(100_000) }
        for _ in 0..<1000 { run.signals.timerLag.record(80_000) }
        run.signals.wallSeconds = 10
        run.signals.cpuSeconds = 2
        run.signals.waitSeconds = 0.2
        run.signals.contents = 20_000
        run.targets = [target]
        change(&run)
        return run
    }

    private func judge(burst: Int = 1, _ change: (inout RunRecord) -> Void) -> Verdict {
        Verdict(run(change), burst: burst, cores: 2)
    }

    private func record(_ count: Int, _ time: Nanoseconds, _ values: inout Distribution) {
        for _ in 0..<count { values.record(time) }
    }

    @Test func `an easy run is trusted`() {
        let verdict = judge { _ in }
        #expect(verdict.level == .trusted)
        #expect(verdict.headline == "trusted")
    }

    @Test func `a run that has measured nothing is not the client's fault`() {
        #expect(Verdict(RunRecord(), cores: 2).level == .trusted)
    }

    @Test func `a busy core degrades, a full one is the client's bound`() {
        let busy = judge { $0.signals.cpuSeconds = 8 }
        #expect(
            busy.headline
                == "degraded: the client used 80 % of a core and waited for one 2 % of the time (below 70 % used)"
        )
        #expect(judge { $0.signals.cpuSeconds = 9.6 }.level == .clientBound)
    }

    @Test func `a client beside a hog is client-bound, though it uses little itself`() {
        let hogged = judge {
            $0.signals.cpuSeconds = 1.5
            $0.signals.waitSeconds = 4.5
        }
        #expect(hogged.level == .clientBound)
        #expect(hogged.headline.hasPrefix("client-bound: the client used 15 % of a core and waited for one 45 %"))
        #expect(judge { $0.signals.waitSeconds = 2 }.level == .degraded)
        #expect(
            judge {
                $0.signals.cpuSeconds = 6.9
                $0.signals.waitSeconds = 2.9
            }.level == .clientBound
        )
    }

    @Test func `processes share what they may use`() {
        let verdict = judge {
            $0.signals.processes = 4
            $0.signals.wallSeconds = 40
            $0.signals.cpuSeconds = 20
        }
        #expect(verdict.level == .trusted)
    }

    @Test func `late sends degrade, very late ones bind`() {
        let late = judge { record(20, 4 * .millisecond, &$0.signals.sendLag) }
        #expect(late.level == .degraded)
        #expect(late.headline.contains("requests left 4 ms late at p99 (at most 1 ms)"))
        #expect(judge { record(20, 14 * .millisecond, &$0.signals.sendLag) }.level == .clientBound)
        #expect(judge { record(10, 14 * .millisecond, &$0.signals.sendLag) }.level == .trusted)
    }

    @Test func `a few late sends of a few are no percentile`() {
        let few = judge {
            $0.signals.sendLag = Distribution()
            record(20, 100_000, &$0.signals.sendLag)
            record(2, 14 * .millisecond, &$0.signals.sendLag)
        }
        #expect(few.level == .trusted)
        let all = judge {
            $0.signals.sendLag = Distribution()
            record(3, 14 * .millisecond, &$0.signals.sendLag)
        }
        #expect(all.level == .clientBound)
    }

    @Test func `what is planned for one moment may leave one after the other`() {
        let verdict = judge(burst: 1000) { record(500, 18 * .millisecond, &$0.signals.sendLag) }
        #expect(verdict.level == .degraded)
        #expect(verdict.headline.contains("1000 were planned for one moment, a ramp would spread them"))
    }

    @Test func `a tail of waiting reads alone does not bind a client whose kernel stamps`() {
        let often = judge { record(400, 30 * .millisecond, &$0.signals.kernelToUser) }
        #expect(often.level == .degraded)
        #expect(often.headline.contains("what arrived waited 30 ms for the client at p99 (below 1 ms)"))
        let rarely = judge { record(60, 30 * .millisecond, &$0.signals.kernelToUser) }
        #expect(rarely.headline == "degraded: what arrived waited 30 ms for the client at p99.9 (below 5 ms)")
        #expect(judge { record(10, 30 * .millisecond, &$0.signals.kernelToUser) }.level == .trusted)
    }

    @Test func `a tick of the scheduler now and then is no fault where the kernel stamps`() {
        #expect(judge { record(60, 4 * .millisecond, &$0.signals.kernelToUser) }.level == .trusted)
    }

    @Test func `a client that turns in a circle since all its requests fail is not its own bound`() {
        let verdict = judge {
            $0.signals.cpuSeconds = 9.8
            $0.targets[0].ends = [.truncated: 900, .complete: 100]
        }
        #expect(verdict.level == .degraded)
        #expect(verdict.headline.contains("and most requests failed"))
    }

    @Test func `a wait is judged by the gaps between the events`() {
        let verdict = judge {
            record(400, 4 * .millisecond, &$0.signals.kernelToUser)
            $0.targets[0][.gap] = Distribution()
            record(20_000, 200 * .millisecond, &$0.targets[0][.gap])
        }
        #expect(verdict.level == .trusted)
    }

    @Test func `shared reads bind where the events had waited, and say nothing where the server joined them`() {
        let joined = judge { $0.signals.sharedContents = 8000 }
        #expect(joined.level == .trusted)
        let late = judge {
            $0.signals.sharedContents = 2000
            record(400, 30 * .millisecond, &$0.signals.kernelToUser)
        }
        #expect(late.level == .clientBound)
        #expect(late.headline.contains("10 % of the events came with another in one read, after waiting 30 ms at p99"))
    }

    @Test func `a server that pours its tokens out does not bind the client`() {
        let verdict = judge {
            $0.signals.sharedContents = 15_000
            $0.targets[0][.gap] = Distribution()
            record(20_000, 20_000, &$0.targets[0][.gap])
        }
        #expect(verdict.level == .trusted)
    }

    @Test func `without the kernel's stamps the client's delay is in the figures`() {
        let verdict = judge {
            $0.signals.lacksKernelStamps = true
            $0.signals.kernelToUser = Distribution()
        }
        #expect(verdict.level == .degraded)
        let late = judge {
            $0.signals.lacksKernelStamps = true
            record(50, 20 * .millisecond, &$0.signals.timerLag)
        }
        #expect(late.level == .clientBound)
    }

    @Test func `an engine without stamps is trusted as far as its own loop was in time`() {
        func judge(_ lag: Nanoseconds, _ change: @escaping (inout RunRecord) -> Void = { _ in }) -> Verdict {
            self.judge {
                $0.signals.lacksKernelStamps = true
                $0.signals.kernelToUser = Distribution()
                record(20_000, lag, &$0.signals.loopLag)
                change(&$0)
            }
        }
        #expect(judge(100_000).level == .trusted)
        let slow = judge(3 * .millisecond)
        #expect(slow.level == .degraded && slow.headline.contains("ms late at p99, and the kernel does not stamp"))
        #expect(judge(12 * .millisecond).level == .clientBound)
        #expect(judge(100_000) { record(50, 20 * .millisecond, &$0.signals.timerLag) }.level == .clientBound)
        // A server that writes events together is no fault of a loop that was in time.
        #expect(judge(100_000) { $0.signals.sharedContents = 5000 }.level == .trusted)
        #expect(judge(11 * .millisecond) { $0.signals.sharedContents = 5000 }.level == .clientBound)
    }

    @Test func `what else may distort a run degrades it`() {
        let cases: [(reason: String, change: (inout RunRecord) -> Void)] = [
            ("the schedule was not kept: 3 of 1000 planned requests never began", { $0.targets[0].begun = 997 }),
            ("2 of the events that were read twice were told apart", { $0.targets[0].reading.disagreements = 2 }),
            ("the wall clock, by which the kernel stamps, was set once", { $0.signals.clockSteps = 1 }),
            ("the machine's host took 6 % of its processors (at most 5 %)", { $0.signals.stolenSeconds = 1.2 }),
            ("the queue of a listening socket on this machine overflowed 3", { $0.signals.listenDrops = 3 }),
            ("the kernel joined 30 segments for want of memory", { $0.signals.collapsedSegments = 30 }),
            ("5 requests found no port or descriptor on this machine", { $0.targets[0].ends[.exhausted] = 5 }),
        ]
        for (reason, change) in cases {
            let verdict = judge(change)
            #expect(verdict.level == .degraded)
            #expect(verdict.reasons.first?.hasPrefix(reason) == true, "\(verdict.headline)")
        }
    }

    @Test func `a machine out of ports binds`() {
        #expect(judge { $0.targets[0].ends[.exhausted] = 50 }.level == .clientBound)
    }

    @Test func `what binds is told first`() {
        let verdict = judge {
            $0.signals.cpuSeconds = 9.9
            $0.signals.clockSteps = 2
        }
        #expect(verdict.reasons.count == 2)
        #expect(verdict.reasons[1].contains("was set 2 times"))
    }

    @Test func `a fifth of a second is no share of a processor`() {
        let verdict = judge {
            $0.signals.wallSeconds = 0.2
            $0.signals.cpuSeconds = 0.2
        }
        #expect(verdict.level == .trusted)
    }

    @Test func `a burst is what a plan wants begun within a millisecond`() {
        #expect(Arrivals.closed(concurrency: 500, ramp: 0).burst == 500)
        #expect(Arrivals.closed(concurrency: 500, ramp: .second).burst == 1)
        #expect(Arrivals.closed(concurrency: 500, ramp: 100 * .millisecond).burst == 5)
        let schedule = ArrivalSchedule(times: [0, 500_000, 999_999, 1_000_000, 5_000_000], summary: "")
        #expect(Arrivals.open(schedule).burst == 3)
        #expect(Arrivals.open(ArrivalSchedule(times: [], summary: "")).burst == 1)
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct CalibrationTests {
    /// What a client that is `late` would measure of a level.
    private func run(
        _ level: CalibrationLevel,
        late: Nanoseconds,
        _ change: (inout RunRecord) -> Void = { _ in }
    ) -> RunRecord {
        var run = RunRecord()
        var target = TargetRecord()
        for _ in 0..<2000 {
            target.record(.firstToken, CalibrationLevel.firstToken + late)
            target.record(.gap, level.gap)
        }
        run.targets = [target]
        change(&run)
        return run
    }

    @Test func `the largest load whose figures hold is told`() {
        var result = CalibrationResult(.epoll)
        #expect(result.summary == "epoll (HTTP/1.1) is not calibrated")
        let levels = CalibrationLevel.rising(rate: 20, to: 1200)
        #expect(levels.map(\.streams) == [100, 250, 500, 1000, 1200])
        result.add(levels[0], run(levels[0], late: 300_000), cores: 2)
        result.add(levels[1], run(levels[1], late: 1_100_000), cores: 2)
        #expect(!result.isOver)
        result.add(levels[2], run(levels[2], late: 3_000_000), cores: 2)
        #expect(!result.isOver)
        result.add(levels[3], run(levels[3], late: 300_000) { $0.signals.clockSteps = 1 }, cores: 2)
        #expect(result.isOver)
        #expect(result.best?.level.streams == 250)
        #expect(
            result.summary
                == "epoll (HTTP/1.1) is good for 250 streams × 20 events a second: TTFT within 1.1 ms, gaps within 0 ms, both at p99"
        )
        #expect(result.lines.count == 4)
        #expect(result.lines[3].hasSuffix("degraded: the wall clock, by which the kernel stamps, was set once"))
    }

    @Test func `a client that is good for nothing is told why`() {
        var result = CalibrationResult(.nio)
        let level = CalibrationLevel(streams: 100, rate: 20)
        result.add(level, run(level, late: 0) { $0.targets[0].ends[.reset] = 3 }, cores: 2)
        let load = "100 streams × 20 events a second"
        #expect(result.summary == "nio (TLS, HTTP/1.1) is not good for \(load): 3 streams failed")
        #expect(result.lines.allSatisfy { $0.hasPrefix("nio (TLS, HTTP/1.1), \(load): TTFT off by ") })
        #expect(!result.isOver)
    }

    @Test func `a schedule goes to the server and comes out as it was`() {
        let level = CalibrationLevel(streams: 500, rate: 50)
        let head = Array("GET \(level.schedule.path) HTTP/1.1\r\nhost: x\r\n\r\n".utf8)
        #expect(CalibrationSchedule(head: head) == level.schedule)
        #expect(level.schedule == CalibrationSchedule(firstToken: 100_000_000, gap: 20_000_000, count: 50))
        #expect(level.plan(port: 9, engine: .epoll).targets.first?.path == "/?ttft=100000&gap=20000&count=50")
    }

    @Test func `each engine is calibrated by a plan that it plays`() {
        let level = CalibrationLevel(streams: 100, rate: 20)
        #expect(level.plan(port: 9, engine: .epoll).engine == .epoll)
        #expect(level.plan(port: 9, engine: .nio).engine == .nio)
    }

    @Test func `no head crashes the server's reading`() {
        var dice = Dice(seed: 3)
        let letters = Array("GET /?ttft=1&gap=-9223372036854775808count=0 \r\n".utf8)
        for _ in 0..<5000 {
            let head = (0..<Int.random(in: 0...60, using: &dice)).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &dice)]
            }
            #expect(CalibrationSchedule(head: head).count >= 1)
        }
    }

    @Test func `a head ends with its empty line, however it is cut`() {
        var end = HeadEnd()
        let bytes = Array("GET / HTTP/1.1\r\na: b\r\r\n\n\r\n\r\n".utf8)
        let ends = bytes.indices.filter { end.take(bytes[$0]) }
        #expect(ends == [bytes.count - 1])
        #expect(end.isComplete)
    }

    @Test func `what is due comes in the order of its time, and not before`() {
        var dice = Dice(seed: 4)
        var lanes = DelayLanes()
        var waiting: [Nanoseconds] = []
        var now: Nanoseconds = 0
        for _ in 0..<3000 {
            now += Nanoseconds.random(in: 0...3, using: &dice)
            if Bool.random(using: &dice) {
                let delay = [5, 20, 100][Int.random(in: 0...2, using: &dice)] as Nanoseconds
                let isAdded = lanes.add(1, generation: 1, base: now, delay: delay)
                #expect(isAdded)
                waiting.append(now + delay)
            }
            waiting.sort()
            while let entry = lanes.popDue(at: now) {
                #expect(entry.due == waiting.first)
                waiting.removeFirst()
            }
            #expect(lanes.nextDue == waiting.first)
            #expect(waiting.first ?? .max > now)
        }
    }

    @Test func `delays beyond counting are refused`() {
        var lanes = DelayLanes()
        let delays = (0...DelayLanes.mostLanes).map { Nanoseconds($0) }
        let added = delays.map { lanes.add(1, generation: 1, base: 0, delay: $0) }
        #expect(added == delays.map { $0 < DelayLanes.mostLanes })
        _ = lanes.popDue(at: 0)
        let isAddedNow = lanes.add(1, generation: 1, base: 0, delay: 1000)
        #expect(isAddedNow)
    }
}

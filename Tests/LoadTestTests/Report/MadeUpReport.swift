// SPDX-License-Identifier: Apache-2.0

import Typewriter

@testable import LoadTest

/// Reports of runs that never were, the same each time.
enum MadeUpReport {
    /// One run of 50 patient users with a bit of everything.
    static func closedLoop() -> Report {
        var report = origin()
        var run = Report.Run()
        run.load = "50 streams, closed loop"
        run.level = 50
        run.isClosedLoop = true
        run.record.targets = [target(streams: 1200, firstToken: 100, gap: 20)]
        run.record.signals.wallSeconds = 30
        run.record.signals.cpuSeconds = 3.6
        for time in 1...2000 { run.record.signals.kernelToUser.record(Nanoseconds(time) * 30) }
        run.goodput = Goodput(objectives: "ttft:200,gap:50", met: 1150, of: 1205, perSecond: 38.3)
        for text in ["ttft.p99<300ms", "gap.p50<=15ms", "errors<1%", "e2e.p99.9<3s"] {
            if let assertion = try? Assertion(text) { run.assertions.append(assertion.judge(run)) }
        }
        report.runs = [run]
        return report
    }

    /// Four rates, the last of which is too much.
    static func sweep() -> Report {
        var report = origin()
        report.runs = [(50, 100), (100, 105), (200, 130), (400, 900)].map { level, firstToken in
            var run = Report.Run()
            run.load = "Poisson, \(level) a second"
            run.level = Double(level)
            run.scheduleHash = UInt64(level)
            run.record.targets = [target(streams: 1200, firstToken: firstToken, gap: 20)]
            return run
        }
        return report
    }

    /// A gateway beside what it stands before.
    static func comparison() -> Report {
        var report = origin()
        report.urls = ["http://127.0.0.1:8000/v1/chat/completions", "http://127.0.0.1:8080/v1/chat/completions"]
        var run = Report.Run()
        run.load = "Poisson, 50 a second"
        run.level = 50
        run.record.targets = [
            target(streams: 1200, firstToken: 100, gap: 20), target(streams: 1200, firstToken: 103, gap: 20),
        ]
        report.runs = [run]
        return report
    }

    static func origin() -> Report {
        var report = Report()
        report.began = 1_795_449_600
        report.machine.processor = "AMD EPYC"
        report.machine.cores = 2
        report.machine.kernel = "Linux 6.18"
        report.machine.typebar = "0.5.0"
        report.command = ["typebar", "bench", "http://127.0.0.1:8080/v1/chat/completions"]
        report.urls = ["http://127.0.0.1:8080/v1/chat/completions"]
        report.seed = 18_446_744_073_709_551_615
        return report
    }

    /// - Parameters:
    ///   - firstToken: In milliseconds, at least; up to half of it more.
    ///   - gap: In milliseconds, give or take a fifth.
    static func target(streams: Int, firstToken: Int, gap: Int) -> TargetRecord {
        var target = TargetRecord()
        target.format = .openAIChat
        target.planned = streams + 6
        target.begun = streams + 6
        target.ends = [.complete: streams, .reset: 2, .status: 3, .cut: 1]
        target.statuses = [503: 2, 429: 1]
        target.contents = streams * 21
        target.streamsWithContent = streams
        target.connections = 50
        target.reusedConnections = streams - 44
        target.peakStreams = 50
        target.reads = streams * 21
        target.sharedReads = streams / 4
        target.stalledStreams = streams / 100
        target.seconds = 30
        for stream in 0..<streams {
            let first = Nanoseconds(firstToken) * .millisecond * Nanoseconds(1000 + stream * 7 % 500) / 1000
            target[.queue].record(Nanoseconds(stream % 10) * 5000)
            target[.firstByte].record(first / 2)
            target[.firstToken].record(first)
            target[.firstTokenFromSend].record(first - 20_000)
            var longest: Nanoseconds = 0
            for step in 0..<20 {
                let isStall = stream % 100 == 0 && step == 9
                let time =
                    isStall ? 420 * .millisecond : Nanoseconds(gap) * Nanoseconds(800_000 + (step * 37 % 20) * 20_000)
                longest = max(longest, time)
                target[.gap].record(time)
                if isStall { target[.stall].record(time) }
            }
            target[.longestGap].record(longest)
            target[.rebuffer].record(Nanoseconds(stream % 50) * 1_000_000)
            target[.tokenRate].record((48_000 + Nanoseconds(stream % 40) * 100) * 1000)
            target[.endToEnd].record(first + 20 * Nanoseconds(gap) * .millisecond)
        }
        target.worst = [300, 100, 200].map { number in
            var sketch = StreamSketch()
            sketch.number = number
            sketch.end = number == 200 ? .reset : .complete
            sketch.firstContent = Nanoseconds(firstToken) * .millisecond
            sketch.longestGap = 420 * .millisecond
            sketch.contents = 21
            sketch.gaps = (0..<20).map { $0 == 9 ? 420 * .millisecond : Nanoseconds(gap) * .millisecond }
            return sketch
        }
        return target
    }
}

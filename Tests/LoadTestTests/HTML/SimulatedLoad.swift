// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport
import Typewriter

@testable import LoadTest

/// A made-up server under a made-up load, told to the real recorder: a report as it could have been.
struct SimulatedLoad {
    var seconds = 30.0
    /// Requests a second.
    var rate = 20.0
    var mostAtOnce = 60
    /// Ms.
    var firstToken = 180.0
    var gap = 22.0
    var tokens = 90
    /// Of all gaps.
    var stalls = 0.0008
    /// Of all requests.
    var failures = 0.02
    var seed: UInt64 = 1

    private struct Event {
        var time: Nanoseconds
        var stream: Int
        var step: Step

        enum Step {
            case begin, send, content
            case end(StreamEnd)
        }
    }

    var run: Report.Run {
        var run = Report.Run()
        run.load = "Poisson, \(PageNumbers.tick(rate)) a second, at most \(mostAtOnce) at once"
        run.level = rate
        run.scheduleHash = seed &* 0x9E37_79B9_7F4A_7C15
        let record = record
        run.record.targets = [record]
        run.record.signals = signals
        let done = record.completed + record.failed
        let met = done - record.stalledStreams - record.failed
        run.goodput = Goodput(
            objectives: "ttft:400,max_gap:300",
            met: met,
            of: done,
            perSecond: Double(met) / seconds
        )
        return run
    }

    var record: TargetRecord {
        var dice = Dice(seed: seed)
        let (planned, events) = script(&dice)
        var states = planned
        let recorder = TargetRecorder(plan: plan, target: 0, places: states.count, origin: .second)
        for event in events {
            let place = event.stream
            switch event.step {
            case .begin: recorder.began(&states[place], place: place)
            case .send:
                states[place].sent = event.time
                states[place].connectBegan = place < mostAtOnce ? states[place].planned : 0
                states[place].connected = event.time
                recorder.sent(&states[place], place: place)
            case .content:
                if states[place].firstByte == 0 { states[place].firstByte = event.time - .millisecond }
                recorder.event(.text, &states[place], place: place, at: event.time)
                recorder.read(bytes: 120, contents: 1, place: place)
            case .end(let end): recorder.ended(&states[place], place: place, as: end, status: 503, at: event.time)
            }
        }
        recorder.finish(at: events.last?.time ?? 0)
        var record = recorder.record
        record.planned = states.count
        record.format = .openAIChat
        return record
    }

    private var plan: LoadPlan {
        let target = Target(url: "http://127.0.0.1/", host: "127.0.0.1", port: 80, path: "/")
        return LoadPlan(targets: [target], arrivals: .closed(concurrency: mostAtOnce, ramp: 0))
    }

    private func script(_ dice: inout Dice) -> ([StreamState], [Event]) {
        var (states, events): ([StreamState], [Event]) = ([], [])
        var free = Array(repeating: Nanoseconds(0), count: mostAtOnce)
        var time = 0.0
        let cutsAt = Nanoseconds.second + Nanoseconds((seconds + 2) * 1e9)
        while true {
            time -= log(1 - Double.random(in: 0..<1, using: &dice)) / rate
            guard time < seconds else { break }
            var state = StreamState()
            let planned = Nanoseconds(time * 1e9)
            state.order = StartOrder(number: states.count, target: 0, planned: planned, isWarmUp: false)
            state.planned = .second + planned
            let stream = states.count
            states.append(state)
            events.append(Event(time: state.planned, stream: stream, step: .begin))
            let place = free.indices.min { free[$0] < free[$1] } ?? 0
            let sent = max(state.planned, free[place]) + Nanoseconds.random(in: 20_000...90_000, using: &dice)
            events.append(Event(time: sent, stream: stream, step: .send))
            let end = answer(stream, from: sent, cutsAt: cutsAt, &events, &dice)
            free[place] = end
        }
        return (states, events.sorted { ($0.time, $0.stream) < ($1.time, $1.stream) })
    }

    /// When it ended.
    private func answer(
        _ stream: Int,
        from sent: Nanoseconds,
        cutsAt: Nanoseconds,
        _ events: inout [Event],
        _ dice: inout Dice
    ) -> Nanoseconds {
        func spread(_ width: Double) -> Double {
            let normal = (0..<6).reduce(0.0) { sum, _ in sum + Double.random(in: -1...1, using: &dice) }
            return exp(normal * width / 1.4)
        }
        let fails = Double.random(in: 0..<1, using: &dice) < failures
        let count = max(1, Int(Double(tokens) * spread(0.4)))
        var time = sent + Nanoseconds(firstToken * spread(0.35) * 1e6)
        if fails, Bool.random(using: &dice) {
            events.append(Event(time: time, stream: stream, step: .end(.status)))
            return time
        }
        let broken = fails ? Int.random(in: 0..<count, using: &dice) : count
        for number in 0..<count {
            if time > cutsAt {
                events.append(Event(time: cutsAt, stream: stream, step: .end(.cut)))
                return cutsAt
            }
            events.append(Event(time: time, stream: stream, step: .content))
            if number == broken {
                time += .millisecond
                events.append(Event(time: time, stream: stream, step: .end(.truncated)))
                return time
            }
            let isStall = Double.random(in: 0..<1, using: &dice) < stalls
            time += Nanoseconds((isStall ? 450 * spread(0.3) : gap * spread(0.12)) * 1e6)
        }
        events.append(Event(time: time, stream: stream, step: .end(.complete)))
        return time
    }

    private var signals: TrustSignals {
        var dice = Dice(seed: seed)
        var signals = TrustSignals()
        for _ in 0..<20_000 { signals.kernelToUser.record(.random(in: 20_000...140_000, using: &dice)) }
        for _ in 0..<2_000 { signals.sendLag.record(.random(in: 30_000...400_000, using: &dice)) }
        for _ in 0..<2_000 { signals.timerLag.record(.random(in: 10_000...90_000, using: &dice)) }
        (signals.cpuSeconds, signals.waitSeconds, signals.wallSeconds) = (seconds * 0.21, seconds * 0.004, seconds)
        (signals.stolenSeconds, signals.sharedContents, signals.contents) = (0.2, 40, 50_000)
        return signals
    }

    /// A report of the runs.
    static func report(_ runs: [Report.Run], urls: [String] = ["http://127.0.0.1:8080/v1/chat/completions"]) -> Report {
        var report = Report()
        report.began = 1_795_450_000
        report.command = [
            "typebar", "bench", urls[0], "--request-rate", "20", "--prompt", "Tell me of the sea", "--duration", "30s",
        ]
        report.urls = urls
        report.seed = 7
        report.runs = runs
        report.machine.kernel = "Linux 6.18"
        report.machine.processor = "AMD EPYC 7R13"
        report.machine.cores = 2
        report.machine.typebar = "0.5.0"
        report.calibration = "good for 2,600 streams at 20 events a second, error p99 0.3 ms"
        return report
    }
}

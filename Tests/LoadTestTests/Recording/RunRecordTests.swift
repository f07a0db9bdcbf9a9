// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct RunRecordTests {
    @Test func `processes' records merge to what one process would have recorded`() throws {
        var dice = Dice(seed: 3)
        for _ in 0..<5 {
            let whole = recorder()
            let parts = [recorder(), recorder()]
            for number in 0..<Int.random(in: 0...150, using: &dice) {
                let script = Self.script(number, &dice)
                whole.play(script)
                parts[Int.random(in: 0..<2, using: &dice)].play(script)
            }
            let end = TargetRecorder.testOrigin + 700 * .second
            for recorder in [whole] + parts { recorder.finish(at: end) }
            var merged = try roundTrip(run(parts[0].record))
            merged.merge(try roundTrip(run(parts[1].record)))
            var expected = whole.record
            // These cannot be known from the parts.
            expected.peakStreams = merged.targets[0].peakStreams
            expected.seconds = merged.targets[0].seconds
            for index in expected.timeline.windows.indices {
                expected.timeline.windows[index].streams = merged.targets[0].timeline.windows[index].streams
            }
            #expect(merged.targets == [expected])
        }
    }

    @Test func `a record comes back from its JSON`() throws {
        var dice = Dice(seed: 4)
        let recorder = recorder()
        for number in 0..<100 { recorder.play(Self.script(number, &dice)) }
        recorder.finish(at: TargetRecorder.testOrigin + 651_234_567_891)
        var run = run(recorder.record)
        run.targets[0].format = .anthropicMessages
        run.targets[0].reading.proven = 7
        run.targets.append(TargetRecord())
        run.wasInterrupted = true
        run.signals.kernelToUser.record(12_345)
        run.signals.cpuSeconds = 0.1 + 0.2
        run.signals.listenDrops = 3
        run.signals.lacksKernelStamps = true
        run.signals.loopLag.record(23_456)
        run.targets[0].wire = "TLS 1.3, h2"
        #expect(try roundTrip(run) == run)
    }

    @Test func `signals of processes add up, and what is the machine's counts once`() {
        var one = TrustSignals()
        one.cpuSeconds = 1
        one.wallSeconds = 10
        one.stolenSeconds = 2
        one.retransmits = 5
        one.sendLag.record(.millisecond)
        var other = one
        other.stolenSeconds = 3
        other.lacksKernelStamps = true
        one.merge(other)
        #expect(one.cpuSeconds == 2)
        #expect(one.wallSeconds == 20)
        #expect(one.stolenSeconds == 3)
        #expect(one.retransmits == 5)
        #expect(one.sendLag.count == 2)
        #expect(one.processes == 2)
        #expect(one.lacksKernelStamps)
    }

    @Test func `percentiles of too few values are not written`() throws {
        var record = TargetRecord()
        for _ in 0..<100 { record.record(.firstToken, 50 * .millisecond) }
        var text = JSONText()
        record.appendJSON(to: &text)
        let ttft = try JSONReader.read(text.bytes)["metrics"]?["ttft"]
        #expect(ttft?["unit"]?.text == "ms")
        #expect(ttft?["count"]?.integer == 100)
        for name in ["mean", "min", "p50", "p90", "max"] { #expect(ttft?[name]?.double == 50, "\(name)") }
        for name in ["p95", "p99", "p999"] { #expect(ttft?[name]?.isNull == true, "\(name)") }
        #expect(ttft?["histogram"] == .array([.array([.number("50000"), .number("100")])]))
    }

    @Test func `a file that does not fit is told by its place`() throws {
        let bytes = json(run(TargetRecord()))
        let text = String(decoding: bytes, as: UTF8.self)
        for (from, to, path) in [
            ("\"begun\":0", "\"begun\":-1", "targets[0].begun"),
            ("\"begun\":0", "\"began\":0", "targets[0].begun"),
            ("\"seconds\":0", "\"seconds\":\"0\"", "targets[0].seconds"),
            ("\"ends\":{}", "\"ends\":{\"bad\":1}", "targets[0].ends.bad"),
            ("\"statuses\":{}", "\"statuses\":{\"5000\":1}", "targets[0].statuses.5000"),
            ("\"width_seconds\":1", "\"width_seconds\":3", "targets[0].timeline.width_seconds"),
            ("\"worst\":[]", "\"worst\":[1]", "targets[0].worst[0].number"),
            ("\"interrupted\":false", "\"interrupted\":0", "interrupted"),
        ] {
            let parts = text.split(separator: from, maxSplits: 1)
            let changed = parts.joined(separator: to)
            let value = try JSONReader.read(Array(changed.utf8))
            let problem = #expect(throws: RecordProblem.self) { try RunRecord(json: value) }
            #expect(problem?.path == path)
        }
    }

    @Test func `no change of a file's bytes stops its reader`() throws {
        var dice = Dice(seed: 5)
        let recorder = recorder()
        for number in 0..<30 { recorder.play(Self.script(number, &dice)) }
        let bytes = json(run(recorder.record))
        let digits = Array("0123456789-e.[],{}\"".utf8)
        for _ in 0..<300 {
            var changed = bytes
            for _ in 0..<3 {
                let index = Int.random(in: 0..<bytes.count, using: &dice)
                changed[index] = digits[Int.random(in: 0..<digits.count, using: &dice)]
            }
            guard let value = try? JSONReader.read(changed), var run = try? RunRecord(json: value) else { continue }
            run.merge(run)
            _ = json(run)
        }
    }

    private func recorder() -> TargetRecorder {
        let recorder = TargetRecorder()
        recorder.cadence = PromisedCadence(firstToken: 50 * .millisecond, gap: 10 * .millisecond)
        return recorder
    }

    private func run(_ record: TargetRecord) -> RunRecord {
        var run = RunRecord()
        run.targets = [record]
        return run
    }

    private func json(_ run: RunRecord) -> [UInt8] {
        var text = JSONText()
        run.appendJSON(to: &text)
        return text.bytes
    }

    private func roundTrip(_ run: RunRecord) throws -> RunRecord {
        try RunRecord(json: JSONReader.read(json(run)))
    }

    private static func script(_ number: Int, _ dice: inout Dice) -> StreamScript {
        var time = 0.0
        let texts = (0..<Int.random(in: 0...80, using: &dice)).map { _ in
            time += Double.random(in: 0...40, using: &dice)
            if Int.random(in: 0..<50, using: &dice) == 0 { time += 400 }
            return time
        }
        var script = StreamScript(number: number, planned: Double(number) * 4000, texts: texts)
        let ends = StreamEnd.allCases
        script.end = Bool.random(using: &dice) ? .complete : ends[Int.random(in: 0..<ends.count, using: &dice)]
        script.status = Int.random(in: 400...503, using: &dice)
        script.tokens = Int32.random(in: 0...3, using: &dice)
        script.isWarmUp = Int.random(in: 0..<10, using: &dice) == 0
        return script
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

@testable import LoadTest

struct TargetRecorderTests {
    @Test func `a request's times count from the plan, and from the write`() {
        let recorder = TargetRecorder()
        var script = StreamScript(texts: [100, 130, 180])
        script.sent = 30
        script.connect = 8
        script.firstByte = 40
        script.events.insert((60, .other), at: 0)
        script.ended = 190
        recorder.play(script)
        let expected: [Metric: Double] = [
            .queue: 30, .connect: 8, .firstByte: 40, .firstByteFromSend: 10, .firstEvent: 60, .firstEventFromSend: 30,
            .firstToken: 100, .firstTokenFromSend: 70, .secondToken: 30, .longestGap: 50, .timePerToken: 40,
            .jitter: 20, .endToEnd: 180, .endToEndFromSend: 150, .close: 10, .tokenRate: 25, .readerBuffer: 0,
            .rebuffer: 0,
        ]
        for (metric, value) in expected { #expect(recorder.record[metric].single == value, "\(metric)") }
        for metric in [.firstVisible, .firstVisibleFromSend, .stall, .lateness] as [Metric] {
            #expect(recorder.record[metric].isEmpty, "\(metric)")
        }
        #expect(recorder.record[.gap].count == 2)
        #expect(recorder.record.events == 5)
        #expect(recorder.record.contents == 3)
        #expect(recorder.record.bytes == 500)
        #expect(recorder.record.connections == 1)
        #expect(recorder.record.reusedConnections == 0)
    }

    @Test func `one stall of three streams shows as what it was`() {
        let recorder = TargetRecorder()
        for number in 0..<3 {
            let pauses = number == 1 ? [50: 400.0] : [:]
            let script = StreamScript(number: number, first: 100, gap: 20, count: 100, pauses: pauses)
            recorder.play(script, place: number)
        }
        let record = recorder.record
        let gaps = record[.gap]
        #expect(gaps.count == 297)
        #expect((gaps.percentile(0.99) ?? 0) / .millisecond == 20)
        #expect(gaps.percentile(0.999) == 420 * .millisecond)
        #expect(gaps.maximum == 420 * .millisecond)
        #expect(gaps.timeWeighted(0.95) == 420 * .millisecond)
        #expect(record[.stall].single == 420)
        #expect(record.stalledStreams == 1)
        #expect(record.stalledSeconds == 0.42)
        #expect(abs(record.gapSeconds - (296 * 0.02 + 0.42)) < 1e-9)
        #expect(record[.longestGap].count == 3)
        #expect(record[.longestGap].minimum == 20 * .millisecond)
        #expect(record.worst.first?.number == 1)
        #expect(record.worst.first?.gaps.max() == 420 * .millisecond)
        #expect(record.samples.map(\.number) == [0, 1, 2])
    }

    @Test func `a reader waits only for what is not there yet`() {
        let recorder = TargetRecorder()
        // 20 a second are wanted, 50 come: when the pause begins, the reader has 30 events ahead, 1.5 s of reading.
        recorder.play(StreamScript(first: 100, gap: 20, count: 100, pauses: [50: 1980]))
        // It waits 480 ms of 3,960, which are 121,212 millionths.
        #expect((recorder.record[.rebuffer].single * 1000).rounded() == 121_212)
        #expect(recorder.record[.readerBuffer].single == 480)
    }

    @Test func `a reader who waited goes on from there, and the buffer is for one who does not`() {
        var plan = LoadPlan.test
        plan.readerRate = 100
        let recorder = TargetRecorder(plan)
        recorder.play(StreamScript(texts: [0, 30, 40, 50, 80]))
        // Wanted at 10, came at 30; then 40, 50, 60 are wanted, and the last comes at 80: waits of 20 and 20 ms of 80.
        #expect(recorder.record[.rebuffer].single == 500)
        #expect(recorder.record[.readerBuffer].single == 40)
    }

    @Test func `roles, usage and the end are no tokens, and end no gap`() {
        let recorder = TargetRecorder()
        var script = StreamScript(texts: [])
        script.events = [
            (50, .other), (100, .text), (110, .other), (120, .text), (125, .usage), (130, .end),
        ]
        script.ended = 131
        script.tokens = 5
        recorder.play(script)
        #expect(recorder.record[.gap].single == 20)
        #expect(recorder.record.contents == 2)
        #expect(recorder.record[.timePerToken].single == 5)
        #expect(recorder.record[.tokenRate].single == 200)
        #expect(recorder.record[.close].single == 11)
        #expect(recorder.record.tokens == 5)
        #expect(recorder.record.streamsWithTokens == 1)
    }

    @Test func `visible text is measured apart where reasoning came first`() {
        let recorder = TargetRecorder()
        var script = StreamScript(texts: [])
        script.events = [(40, .reasoning), (60, .reasoning), (90, .text), (100, .end)]
        script.ended = 100
        recorder.play(script)
        #expect(recorder.record[.firstToken].single == 40)
        #expect(recorder.record[.firstVisible].single == 90)
        #expect(recorder.record[.firstVisibleFromSend].single == 89)
        #expect(recorder.record[.gap].count == 2)
    }

    @Test func `lateness is against the promised schedule`() {
        let recorder = TargetRecorder()
        recorder.cadence = PromisedCadence(firstToken: 100 * .millisecond, gap: 20 * .millisecond)
        recorder.play(StreamScript(texts: [101, 121, 151, 160]))
        let late = recorder.record[.lateness]
        #expect(late.count == 4)
        #expect(late.sum == 10 * .millisecond)
        #expect(late.maximum == 10 * .millisecond)

        let relative = TargetRecorder()
        relative.cadence = PromisedCadence(firstToken: nil, gap: 20 * .millisecond)
        relative.play(StreamScript(texts: [777, 797, 827]))
        #expect(relative.record[.lateness].count == 2)
        #expect(relative.record[.lateness].maximum == 10 * .millisecond)
    }

    @Test func `contents of one read share its time`() {
        let recorder = TargetRecorder()
        recorder.play(StreamScript(texts: [100, 100, 120]))
        recorder.read(bytes: 10, contents: 2, place: 0)
        #expect(recorder.record[.gap].minimum == 0)
        #expect(recorder.record[.secondToken].single == 0)
        #expect(recorder.record.sharedReads == 1)
        #expect(recorder.record.reads == 4)
    }

    @Test func `stamps that go back make no negative gap`() {
        let recorder = TargetRecorder()
        recorder.play(StreamScript(texts: [100, 120, 119, 140]))
        #expect(recorder.record[.gap].minimum == 0)
        #expect(recorder.record[.gap].sum == 40 * .millisecond)
    }

    @Test func `the warm-up leaves no figures, but is seen in the timeline`() {
        let recorder = TargetRecorder()
        var script = StreamScript(texts: [100, 120, 900])
        script.isWarmUp = true
        recorder.play(script)
        var empty = TargetRecord()
        empty.timeline = recorder.record.timeline
        #expect(recorder.record == empty)
        #expect(recorder.record.timeline.last.contents == 3)
        #expect(recorder.record.timeline.last.completed == 1)
        recorder.finish(at: TargetRecorder.testOrigin + .second)
        #expect(recorder.record.seconds == 0)
    }

    @Test func `a failed stream leaves its gaps, and none of its own figures`() {
        let recorder = TargetRecorder()
        var script = StreamScript(texts: [100, 120, 520])
        script.end = .truncated
        recorder.play(script)
        #expect(recorder.record[.gap].count == 2)
        #expect(recorder.record[.stall].count == 1)
        #expect(recorder.record.stalledStreams == 1)
        for metric in Metric.allCases where metric != .gap && metric != .stall {
            #expect(recorder.record[metric].isEmpty, "\(metric)")
        }
        #expect(recorder.record.ends == [.truncated: 1])
        #expect(recorder.record.timeline.last.failed == 1)
    }

    @Test func `a cut stream leaves its gaps and its beginning`() {
        let recorder = TargetRecorder()
        var script = StreamScript(texts: [100, 120])
        script.end = .cut
        recorder.play(script)
        #expect(recorder.record[.gap].single == 20)
        #expect(recorder.record[.firstToken].single == 100)
        #expect(recorder.record[.secondToken].single == 20)
        #expect(recorder.record[.endToEnd].isEmpty)
        #expect(recorder.record[.longestGap].isEmpty)
        #expect(recorder.record.timeline.last.failed == 0)
    }

    @Test func `statuses are counted by number`() {
        let recorder = TargetRecorder()
        for status in [500, 429, 500] {
            var script = StreamScript(texts: [])
            script.events = []
            script.end = .status
            script.status = status
            recorder.play(script)
        }
        #expect(recorder.record.ends == [.status: 3])
        #expect(recorder.record.statuses == [500: 2, 429: 1])
    }

    @Test func `a stream meets the objectives if it keeps all`() {
        var plan = LoadPlan.test
        plan.objectives = Objectives(
            text: "ttft:100,gap:30,e2e:200",
            limits: [
                .init(metric: .firstToken, most: 100 * .millisecond), .init(metric: .gap, most: 30 * .millisecond),
                .init(metric: .endToEnd, most: 200 * .millisecond),
            ]
        )
        for (texts, meets) in [
            ([100.0, 130, 160], true), ([101, 120], false), ([50, 81], false), ([100], true), ([90, 100, 150], true),
            ([100, 201], false),
        ] {
            let recorder = TargetRecorder(plan)
            recorder.play(StreamScript(texts: texts))
            #expect(recorder.record.metObjectives == (meets ? 1 : 0), "\(texts)")
        }
    }

    @Test func `streams at once, and the measured time, leave the warm-up out`() {
        let recorder = TargetRecorder()
        var states = [StreamState(), StreamState(), StreamState()]
        for place in 0..<3 {
            let planned = Nanoseconds(place) * .second
            states[place].order = StartOrder(number: place, target: 0, planned: planned, isWarmUp: place == 0)
            states[place].planned = TargetRecorder.testOrigin + planned
        }
        for place in 0..<2 { recorder.began(&states[place], place: place) }
        let time = TargetRecorder.testOrigin + 1500 * .millisecond
        recorder.ended(&states[0], place: 0, as: .complete, status: 0, at: time)
        recorder.ended(&states[1], place: 1, as: .complete, status: 0, at: time)
        recorder.began(&states[2], place: 2)
        recorder.ended(&states[2], place: 2, as: .cut, status: 0, at: TargetRecorder.testOrigin + 3 * .second)
        recorder.finish(at: TargetRecorder.testOrigin + 4 * .second)
        #expect(recorder.record.peakStreams == 2)
        #expect(recorder.record.begun == 2)
        #expect(recorder.record.seconds == 3)
        #expect(recorder.record.timeline.windows.map(\.streams) == [1, 2, 1, 1])
    }

    @Test func `what is held does not grow with the run`() {
        let recorder = TargetRecorder()
        for number in 0..<10_000 {
            recorder.play(StreamScript(number: number, planned: Double(number) * 1000, first: 10, gap: 7, count: 100))
        }
        let record = recorder.record
        #expect(record.contents == 1_000_000)
        #expect(record.worst.count == 5)
        #expect(record.samples.count == 40)
        #expect(record.samples.allSatisfy { $0.gaps.count <= 32 })
        #expect(record.timeline.windows.count <= Timeline.mostWindows)
        #expect(record[.gap].bins().count == 1)
        let middle = record.samples.reduce(0) { $0 + $1.number } / 40
        #expect(3500...6500 ~= middle)
    }
}

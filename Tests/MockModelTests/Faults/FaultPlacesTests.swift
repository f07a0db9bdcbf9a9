// SPDX-License-Identifier: Apache-2.0

import MockModel
import TestSupport
import Testing
import Typewriter
import WireFormats

struct FaultPlacesTests {
    private let chat = FaultRun.chat(5)

    @Test func `without a fault the writes are the frames`() {
        let run = FaultRun([], chat)
        #expect(run.writes.map(\.bytes) == chat.map { Array($0.text.utf8) })
        #expect(run.last == .end)
    }

    @Test func `without a fault no byte is changed, whatever the frames are`() {
        var dice = Dice(seed: 1)
        for _ in 0..<500 {
            let frames = FaultRun.random(&dice)
            let run = FaultRun([], frames, gap: Nanoseconds.random(in: 0...2, using: &dice))
            #expect(run.text == FaultRun.text(frames))
            #expect(run.last == .end)
        }
    }

    @Test func `bytes after the last frame are not lost`() {
        var injector = FaultInjector(faults: [], start: 0, isEventStream: true)
        var buffer = FaultRun.buffer([("a", .unit)])
        buffer.bytes += Array("rest".utf8)
        injector.offer(buffer)
        #expect(injector.backlog == 5)
        #expect(injector.next(now: 0) == .write([UInt8(ascii: "a")]))
        #expect(injector.backlog == 4)
        #expect(injector.next(now: 0) == .write(Array("rest".utf8)))
        #expect(injector.next(now: 0) == .idle)
        injector.offerEnd()
        injector.offer(buffer)
        #expect(injector.next(now: 0) == .end)
        #expect(injector.next(now: 9) == .end)
    }

    @Test(arguments: [("reset", FaultInjector.Action.reset), ("close", .close), ("end", .end)], 0...5)
    func `the connection ends after so many units`(kind: (String, FaultInjector.Action), units: Int) throws {
        let run = try FaultRun("\(kind.0)@\(units)", chat)
        #expect(run.text == (units == 0 ? "" : FaultRun.text(chat[...units])))
        #expect(run.last == kind.1)
    }

    @Test func `units that never come end nothing`() throws {
        let run = try FaultRun("reset@6", chat)
        #expect(run.text == FaultRun.text(chat))
        #expect(run.last == .end)
    }

    @Test(arguments: ["reset", "close", "end"])
    func `the connection ends after exactly so many bytes`(kind: String) throws {
        let whole = Array(FaultRun.text(chat).utf8)
        for count in 0..<whole.count {
            let run = try FaultRun("\(kind)@\(count)b", chat)
            #expect(run.bytes == Array(whole[..<count]))
            #expect(run.last != .idle)
        }
    }

    @Test(arguments: ["reset", "close", "end", "error"])
    func `time ends the connection whatever has been offered`(kind: String) throws {
        let run = try FaultRun("\(kind)@25ms", chat, gap: 10 * .millisecond)
        #expect(run.text.hasPrefix(FaultRun.text(chat[..<3])))
        #expect(run.hasFailed == (kind == "error"))
        #expect(run.end == 25 * .millisecond)
    }

    @Test func `an error is the renderer's frame, then the end`() throws {
        for place in ["2", "70b", "25ms"] {
            let run = try FaultRun("error@\(place)", chat, gap: 10 * .millisecond)
            #expect(run.text == FaultRun.text(chat[..<3]) + "data: {\"error\":\"it broke\"}\n\n")
            #expect(run.last == .end)
        }
        #expect(try FaultRun("error,error@0", chat).text == "data: {\"error\":\"it broke\"}\n\n")
    }

    @Test func `a stall delays what comes after it, and loses nothing`() throws {
        let run = try FaultRun("stall:2000@2", chat)
        #expect(run.text == FaultRun.text(chat))
        #expect(run.writes[2].time == 0)
        #expect(run.writes[3].time == 2 * .second)
        #expect(run.last == .end)
        #expect(try FaultRun("stall:2000@10b", chat).writes.first?.bytes == Array("data: {\"ro".utf8))
    }

    @Test func `a stall for ever leaves the connection open`() throws {
        let run = try FaultRun("stall@2", chat)
        #expect(run.text == FaultRun.text(chat[...2]))
        #expect(run.last == .stalled)
    }

    @Test(arguments: ["stall@2", "stall:9000@2", "drip:1", "stall,drip:1,stall@30b", "stall:5000"])
    func `in a hurry nothing waits, and nothing is lost`(items: String) throws {
        var injector = FaultInjector(faults: try FaultPlan(items).faults, start: 0, isEventStream: true)
        var text: [UInt8] = []
        func run(_ injector: inout FaultInjector) -> FaultInjector.Action {
            while true {
                let action = injector.next(now: 1)
                guard case .write(let bytes) = action else { return action }
                text += bytes
            }
        }
        func offer(_ word: String, to injector: inout FaultInjector) {
            var buffer = FrameBuffer(recordsFrames: true)
            buffer.bytes = Array("data: \(word)\n\n".utf8)
            buffer.endFrame(.unit)
            injector.offer(buffer)
        }
        for word in ["a", "b", "c", "d"] { offer(word, to: &injector) }
        _ = run(&injector)
        injector.hurry()
        #expect(run(&injector) == .idle)
        offer("e", to: &injector)
        injector.offerEnd()
        #expect(run(&injector) == .end)
        #expect(String(decoding: text, as: UTF8.self) == "abcde".map { "data: \($0)\n\n" }.joined())
    }

    @Test func `faults at one place act one after the other`() throws {
        let run = try FaultRun("stall:2000@2,reset@2", chat)
        #expect(run.text == FaultRun.text(chat[...2]))
        #expect(run.end == 2 * .second)
        #expect(run.last == .reset)
    }

    @Test func `time ends a stall for ever`() throws {
        let run = try FaultRun("stall@2,error@3s", chat)
        #expect(run.end == 3 * .second)
        #expect(run.text == FaultRun.text(chat[...2]) + "data: {\"error\":\"it broke\"}\n\n")
        #expect(try FaultRun("stall@2,reset@3s", chat).last == .reset)
    }

    @Test(arguments: 0...9)
    func `a script's fault acts after all that was offered before it`(index: Int) {
        // Its place says nothing.
        let fault = Fault(kind: .reset, place: .unit(3))
        let run = FaultRun([], chat, triggered: [index: fault])
        #expect(run.text == FaultRun.text(chat[..<index]))
        #expect(run.last == .reset)
    }

    @Test func `a script's fault may alter the next frame, or all that come`() {
        let lost = FaultRun([], chat, triggered: [3: Fault(kind: .lose, place: .byte(9999))])
        #expect(lost.text == FaultRun.text(chat[..<3] + chat[4...]))
        let commented = FaultRun([], chat, triggered: [8: Fault(kind: .comments)])
        #expect(commented.text == FaultRun.text(chat[..<8]) + ": a comment\n" + chat[8].text)
        let stalled = FaultRun([], chat, triggered: [3: Fault(kind: .stall(7))])
        #expect(stalled.writes[3].time == 7)
    }

    @Test func `any faults on any frames come to an end, the same each time`() {
        var dice = Dice(seed: 3)
        let kinds = [
            "error", "stall:3", "stall", "reset", "close", "end", "truncate", "malformed_json", "invalid_utf8",
            "duplicate",
            "reorder", "lose", "giant:200000", "missing_done", "doubled_done", "missing_finish", "drip:2000000",
            "split:utf8",
            "split:data", "split:crlf", "split:bytes", "line_ends:crlf", "line_ends:cr", "comments", "unknown_fields",
        ]
        let places = ["", "@0", "@1", "@3", "@0b", "@17b", "@60b", "@0ms", "@1ms", "@9ms"]
        for _ in 0..<2000 {
            let items = (0..<Int.random(in: 1..<5, using: &dice)).map { _ in
                let kind = kinds.randomElement(using: &dice) ?? ""
                let place = places.randomElement(using: &dice) ?? ""
                return (try? FaultPlan(kind + place)) == nil ? kind : kind + place
            }
            let frames = FaultRun.random(&dice)
            let gap = Nanoseconds.random(in: 0...3, using: &dice) * .millisecond
            let isEventStream = Bool.random(using: &dice)
            let faults = (try? FaultPlan(items.joined(separator: ",")))?.faults ?? []
            #expect(!faults.isEmpty)
            let run = FaultRun(faults, frames, gap: gap, isEventStream: isEventStream)
            #expect([.reset, .close, .end, .stalled].contains(run.last), "\(items)")
            #expect(run.writes.allSatisfy { !$0.bytes.isEmpty }, "\(items)")
            #expect(run.bytes == FaultRun(faults, frames, gap: gap, isEventStream: isEventStream).bytes)
        }
    }

    @Test(arguments: [Nanoseconds.min, -1, 0, 1, .max])
    func `no time is too strange`(time: Nanoseconds) {
        let kinds: [Fault.Kind] = [.stall(.max), .stall(.min), .drip(bytesPerSecond: .max), .reset]
        for kind in kinds {
            for place in [Fault.Place.time(.max), .time(.min), .byte(.max), .unit(.min)] {
                var injector = FaultInjector(
                    faults: [Fault(kind: kind, place: place)],
                    start: time,
                    isEventStream: true
                )
                injector.offer(FaultRun.buffer(chat))
                injector.offerEnd()
                for now in [Nanoseconds.min, -5, 0, .max] {
                    for _ in 0..<10 { _ = injector.next(now: now) }
                }
            }
        }
    }
}

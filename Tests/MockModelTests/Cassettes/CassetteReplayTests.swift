// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import TestSupport
import Testing
import Typewriter
import WireFormats

struct CassetteReplayTests {
    /// All that a player does, each with its time.
    private static func play(
        _ cassette: Cassette,
        speed: Double,
        start: Nanoseconds = 1000
    ) -> (writes: [(time: Nanoseconds, bytes: [UInt8])], last: CassettePlayer.Action, end: Nanoseconds) {
        var player = CassettePlayer(cassette: cassette, speed: speed, start: start)
        var writes: [(time: Nanoseconds, bytes: [UInt8])] = []
        var now = start
        while true {
            switch player.next(now: now) {
            case .answer: writes.append((now, []))
            case .write(let bytes): writes.append((now, bytes))
            case .wait(let until): now = until
            case .end: return (writes, .end, now)
            case .reset: return (writes, .reset, now)
            case .silence: return (writes, .silence, now)
            }
        }
    }

    @Test(arguments: [1, 0.5, 2, 10, 3.7])
    func `a cassette is played in its own writes, at its own times, or faster`(speed: Double) throws {
        let cassette = try ExampleCassette.text.cassette()
        let played = Self.play(cassette, speed: speed)
        #expect(played.writes.map(\.bytes) == cassette.reads.map(\.bytes))
        for (write, read) in zip(played.writes, cassette.reads) {
            #expect(abs(Double(write.time - 1000) - Double(read.time) / speed) <= 0.5)
        }
        #expect(played.last == .end)
        #expect(abs(Double(played.end - 1000) - Double(cassette.endTime) / speed) <= 0.5)
    }

    @Test(arguments: [0, -1, Double.nan, .infinity])
    func `at a speed of 0 all comes at once`(speed: Double) throws {
        let played = Self.play(try ExampleCassette.text.cassette(), speed: speed)
        #expect(played.end == 1000)
        #expect(played.writes.count == 5)
    }

    @Test func `one that fell silent stays so, and where nothing is waited for the connection breaks`() throws {
        let silent = try ExampleCassette.toolTimeout.cassette()
        #expect(Self.play(silent, speed: 1).last == .silence)
        #expect(Self.play(silent, speed: 1).end == 30_190_251_000)
        #expect(Self.play(silent, speed: 1e-300).last == .silence)
        #expect(Self.play(silent, speed: 0).last == .reset)
    }

    @Test(arguments: [Cassette.Ending.reset, .refused, .cancelled, .cut])
    func `what was not whole never ends as if it were`(ending: Cassette.Ending) {
        let cassette = Cassette(format: .gemini, reads: [.init(time: 5, bytes: [65])], ending: ending, endTime: 7)
        let played = Self.play(cassette, speed: 1)
        #expect(played.last == .reset)
        #expect(played.end == 1007)
    }

    @Test func `a head that came before the body leaves before it`() {
        let reads = [Cassette.Read(time: 30, bytes: [65])]
        var cassette = Cassette(format: .gemini, headTime: 10, reads: reads, endTime: 40)
        let early = Self.play(cassette, speed: 1).writes
        #expect(early.map(\.time) == [1010, 1030] && early.map(\.bytes) == [[], [65]])
        cassette.headTime = 30
        #expect(Self.play(cassette, speed: 1).writes.map(\.time) == [1030])
        cassette.reads = []
        #expect(Self.play(cassette, speed: 1).writes.map(\.time) == [1030])
    }

    @Test func `where no head came, nothing is written`() {
        for ending in Cassette.Ending.allCases {
            let cassette = Cassette(format: .gemini, status: nil, reads: [], ending: ending, endTime: 9)
            let played = Self.play(cassette, speed: 1)
            #expect(played.writes.isEmpty && played.end == 1009)
            #expect(played.last == (ending == .timeout ? .silence : .reset))
        }
    }

    @Test func `a late write does not delay the next one`() {
        let reads = [Cassette.Read(time: 10, bytes: [1]), Cassette.Read(time: 20, bytes: [2])]
        var player = CassettePlayer(
            cassette: Cassette(format: .gemini, reads: reads, endTime: 30),
            speed: 1,
            start: 100
        )
        #expect(player.next(now: 100) == .wait(until: 110))
        #expect(player.next(now: 118) == .write([1]))
        #expect(player.next(now: 118) == .wait(until: 120))
        #expect(player.next(now: 131) == .write([2]))
        #expect(player.next(now: 131) == .end)
        #expect(player.next(now: 131) == .end)
    }

    // MARK: What the model said

    @Test func `what the model said is there, with its times`() throws {
        let cassette = try ExampleCassette.text.cassette()
        let events = cassette.events(using: OpenAIChatStreamParser(wantsUsage: false))
        let expected: [(Nanoseconds, ChatEvent)] = [
            (450_118_007, .text(Array("Hello, ".utf8))), (450_390_442, .text(Array("café 🌿".utf8))),
            (497_002_310, .text(Array("!".utf8))), (501_774_093, .end(.stop)),
        ]
        #expect(events.map(\.time) == expected.map(\.0))
        #expect(events.map(\.event) == expected.map(\.1))
    }

    @Test func `a script types what was said, with its pauses or without`() throws {
        let cassette = try ExampleCassette.text.cassette()
        let parser = OpenAIChatStreamParser(wantsUsage: false)
        #expect(
            cassette.script(using: parser, keepsTiming: false)
                == AnswerScript(steps: [.text(Array("Hello, café 🌿!".utf8))])
        )
        #expect(
            cassette.script(using: parser, keepsTiming: true).steps == [
                .pause(450_118_007), .text(Array("Hello, ".utf8)), .pause(272_435), .text(Array("café 🌿".utf8)),
                .pause(46_611_868), .text(Array("!".utf8)),
            ]
        )
    }

    @Test func `the pieces of a tool call are one step, and an answer that broke ends in a fault`() throws {
        let cassette = try ExampleCassette.toolTimeout.cassette()
        let parser = OpenAIChatStreamParser(wantsUsage: false)
        let call = ToolCall(id: "call_k7", name: "find_fern", arguments: Array("{\"shade\":true".utf8))
        #expect(
            cassette.script(using: parser, keepsTiming: true).steps == [
                .pause(190_250_000), .toolCall(call), .pause(30_000_000_000), .fault(Fault(kind: .reset)),
            ]
        )
        #expect(
            cassette.script(using: parser, keepsTiming: false).steps == [.toolCall(call), .fault(Fault(kind: .reset))]
        )
    }

    @Test func `who fell silent does so in other formats too`() throws {
        let cassette = try ExampleCassette.toolTimeout.cassette()
        let parser = OpenAIChatStreamParser(wantsUsage: false)
        let script = cassette.script(using: parser, keepsTiming: true, staysSilent: true)
        #expect(script.steps.last == .fault(Fault(kind: .stall(nil))))
    }

    /// An answer that its parser does not read: bytes are text, and the body's end is the answer's.
    private struct BytesParser: AnswerParser {
        mutating func feed(_ bytes: [UInt8]) -> [ChatEvent] {
            switch bytes.first {
            case 1: [.reasoning(Array(bytes.dropFirst()))]
            case 2:
                [
                    .toolCall(
                        ToolCallDelta(index: Int(bytes[1]), id: nil, name: "f", arguments: Array(bytes.dropFirst(2)))
                    )
                ]
            case 3: [.usage(Usage(inputTokens: 1, outputTokens: 2))]
            default: [.text(bytes)]
            }
        }
        mutating func finish() -> [ChatEvent] { [.end(.length)] }
    }

    private static func cassette(_ reads: [[UInt8]], _ ending: Cassette.Ending = .complete) -> Cassette {
        let timed = reads.enumerated().map { Cassette.Read(time: Nanoseconds($0.offset), bytes: $0.element) }
        return Cassette(format: .gemini, reads: timed, ending: ending, endTime: Nanoseconds(reads.count))
    }

    @Test(arguments: [false, true])
    func `a character that was cut is whole in the script`(keepsTiming: Bool) {
        let script = Self.cassette([[0x41, 0xC3], [0xA9], [0xF0, 0x9F]])
            .script(using: BytesParser(), keepsTiming: keepsTiming)
        let text = script.steps.flatMap { step in
            if case .text(let bytes) = step { bytes } else { [] as [UInt8] }
        }
        #expect(String(decoding: text, as: UTF8.self) == "Aé\u{FFFD}")
        #expect(script.finish == .length)
    }

    @Test func `a character that was cut in a tool's arguments is whole too`() {
        let reads: [[UInt8]] = [
            [2, 0, 0x22, 0xC3], [2, 1, 0xED, 0xA0, 0xBD], [2, 0, 0xA9, 0x22], [2, 1, 0xED, 0xB8, 0x80, 0xF0],
        ]
        let script = Self.cassette(reads).script(using: BytesParser(), keepsTiming: false)
        let calls = ["\"é\"", "\u{1F600}\u{FFFD}"].map { ToolCall(id: "", name: "f", arguments: Array($0.utf8)) }
        #expect(script.steps == calls.map { .toolCall($0) })
    }

    @Test func `parallel tool calls are told apart, and kinds of text too`() {
        let reads: [[UInt8]] = [[1, 65], [65], [2, 0, 91], [2, 1, 92], [2, 0, 93], [66], [3]]
        let script = Self.cassette(reads).script(using: BytesParser(), keepsTiming: false)
        #expect(
            script.steps == [
                .reasoning([65]), .text([65]), .toolCall(ToolCall(id: "", name: "f", arguments: [91, 93])),
                .toolCall(ToolCall(id: "", name: "f", arguments: [92])), .text([66]),
            ]
        )
        #expect(script.usage == Usage(inputTokens: 1, outputTokens: 2))
    }

    @Test(arguments: [(503, 503), (429, 429), (302, 502)])
    func `an upstream's error status is a fault`(status: Int, told: Int) {
        var cassette = Self.cassette([[65]])
        cassette.status = status
        let events = cassette.events(using: BytesParser())
        guard case .fault(let fault)? = events.first?.event else {
            Issue.record("no fault")
            return
        }
        #expect(fault.status == status)
        let script = cassette.script(using: BytesParser(), keepsTiming: false)
        #expect(script.steps == [.fault(Fault(kind: .status(told, retryAfterSeconds: nil)))])
    }

    @Test func `any bytes of an upstream come to one end`() {
        var dice = Dice(seed: 8)
        for _ in 0..<300 {
            let reads = (0..<Int.random(in: 0..<5, using: &dice)).map { _ in
                (0..<Int.random(in: 1..<60, using: &dice)).map { _ in
                    Array("data: {}[]\"choices:\n1\\,".utf8).randomElement(using: &dice) ?? 0
                }
            }
            let ending = Cassette.Ending.allCases.randomElement(using: &dice) ?? .complete
            let events = Self.cassette(reads, ending).events(using: OpenAIChatStreamParser(wantsUsage: false))
            let ends = events.count { event in
                switch event.event {
                case .end, .fault: true
                default: false
                }
            }
            #expect(ends == 1)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import Testing
import Typewriter

@testable import Gateway

struct AnswerPlayerTests {
    private static let pace = Pace(unit: .word, rate: 10, firstDelay: 300 * .millisecond)

    /// What a player does, and when, in milliseconds.
    private static func play(_ script: AnswerScript, pace: Pace = pace) -> [String] {
        var player = AnswerPlayer(pace: pace, seed: 1, start: 0)
        player.play(script, now: 0)
        return run(&player, from: 0)
    }

    private static func run(
        _ player: inout AnswerPlayer,
        from start: Nanoseconds,
        until end: Nanoseconds = .max
    ) -> [String] {
        var now = start
        var log: [String] = []
        while log.count < 100 {
            let time = now / .millisecond
            switch player.next(now: now) {
            case .unit(let piece, let range, _):
                let bytes = player.text[range.lowerBound - player.base..<range.upperBound - player.base]
                log.append("\(time) \(piece) \(String(decoding: bytes, as: UTF8.self))")
                player.trim(before: range.upperBound)
            case .toolCall(let call): log.append("\(time) call \(call.name)")
            case .fault(let fault): log.append("\(time) fault \(fault.kind)")
            case .ended(let reason): return log + ["\(time) ended \(reason)"]
            case .failed(let fault): return log + ["\(time) failed \(fault.kind.rawValue)"]
            case .wait(let until):
                guard until <= end else { return log + ["\(time) waits"] }
                now = until
            case .starved: return log + ["\(time) starved"]
            }
        }
        return log
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test
    func `pieces follow each other on one schedule, and a unit never spans two`() {
        let script = AnswerScript(
            steps: [
                .reasoning(Self.bytes("I think")), .text(Self.bytes("Hello you")),
                .toolCall(ToolCall(id: "c", name: "look", arguments: Self.bytes("{}"))),
            ],
            finish: .toolCalls
        )
        #expect(
            Self.play(script) == [
                "300 reasoning I", "400 reasoning  think", "500 text Hello", "600 text  you", "600 call look",
                "700 toolArguments {}", "700 ended toolCalls",
            ]
        )
    }

    @Test
    func `a pause moves all that comes after it, the end too`() {
        let script = AnswerScript(steps: [
            .text(Self.bytes("a")), .pause(1000 * .millisecond), .text(Self.bytes("b")), .pause(50 * .millisecond),
        ])
        #expect(Self.play(script) == ["300 text a", "1400 text b", "1450 ended stop"])
    }

    @Test
    func `a fault acts when all before it has been typed`() {
        let script = AnswerScript(steps: [
            .text(Self.bytes("a b")), .fault(Fault(kind: .reset)), .text(Self.bytes("c")),
        ])
        #expect(Self.play(script) == ["300 text a", "400 text  b", "400 fault reset", "500 text c", "500 ended stop"])
    }

    @Test
    func `an answer that is cut by max_units ends for its length`() {
        var pace = Self.pace
        pace.maximumUnits = 2
        let script = AnswerScript(steps: [.text(Self.bytes("a b c d")), .text(Self.bytes("e"))])
        #expect(Self.play(script, pace: pace) == ["300 text a", "400 text  b", "400 ended length"])
    }

    @Test
    func `an empty answer ends when its first unit would have come`() {
        #expect(Self.play(AnswerScript(steps: [])) == ["300 ended stop"])
    }

    @Test
    func `what an upstream says passes as it comes where nothing is paced`() {
        var player = AnswerPlayer(pace: Pace(unit: .delta, rate: 0), seed: 1, start: 0)
        var log: [String] = []
        let events: [ChatEvent] = [
            .reasoning(Self.bytes("hm ")), .text(Self.bytes("one ")), .text(Self.bytes("two")),
            .toolCall(ToolCallDelta(index: 0, id: "c", name: "look", arguments: [])),
            .toolCall(ToolCallDelta(index: 0, id: nil, name: nil, arguments: Self.bytes("{}"))),
            .end(.toolCalls),
        ]
        for (index, event) in events.enumerated() {
            let now = Nanoseconds(index) * 10 * .millisecond
            player.take(event, now: now)
            log += Self.run(&player, from: now).filter { !$0.contains("starved") }
        }
        #expect(
            log == [
                "10 reasoning hm ", "10 text one ", "20 text two", "30 call look", "50 toolArguments {}",
                "50 ended toolCalls",
            ] || log.count == 6,
            "\(log)"
        )
    }

    @Test(arguments: [TextUnit.character, .word])
    func `a tool call passes at once where text is smoothed, and takes what waits before it along`(unit: TextUnit) {
        var player = AnswerPlayer(pace: Pace(unit: unit, targetLag: 250 * .millisecond), seed: 1, start: 0)
        let now = 20 * Nanoseconds.millisecond
        player.take(.text(Self.bytes("one two three fo")), now: 0)
        #expect(Self.run(&player, from: 0, until: now).last == "0 waits")
        player.take(.toolCall(ToolCallDelta(index: 0, id: "c", name: "look", arguments: [])), now: now)
        let said = Self.run(&player, from: now, until: now)
        #expect(said.suffix(2) == ["20 call look", "20 starved"] && said.allSatisfy { $0.hasPrefix("20 ") })
        for (index, part) in ["{\"a", "b c", "\":1}"].enumerated() {
            let now = now + Nanoseconds(index + 1) * .millisecond
            player.take(.toolCall(ToolCallDelta(index: 0, id: nil, name: nil, arguments: Self.bytes(part))), now: now)
            let said = Self.run(&player, from: now, until: now)
            #expect(said.count > 1 && said.last == "\(21 + index) starved")
        }
    }

    @Test
    func `what has been typed is forgotten, and the rest is typed all the same`() {
        let long = String(repeating: "word ", count: 60_000)
        var player = AnswerPlayer(pace: Pace(unit: .word, rate: 0), seed: 1, start: 0)
        player.play(AnswerScript(steps: [.reasoning(Self.bytes(long)), .text(Self.bytes(long))]), now: 0)
        var said = ["reasoning": 0, "text": 0]
        while case .unit(let piece, let range, _) = player.next(now: 0) {
            said["\(piece)", default: 0] += range.count
            player.trim(before: range.upperBound)
        }
        #expect(said == ["reasoning": long.utf8.count, "text": long.utf8.count])
        #expect(player.text.count <= 64 << 10 + 64)
    }

    @Test
    func `text that has been typed and not yet written is kept, however much was written before it`() throws {
        var player = AnswerPlayer(pace: Pace(unit: .word, rate: 0), seed: 1, start: 0)
        let text = Self.bytes((0..<20_000).map { "w\($0) " }.joined())
        player.take(.text(text), now: 0)
        player.take(.end(.stop), now: 0)
        var written = 0
        while case .unit(_, let range, _) = player.next(now: 0) {
            // A frame leaves that was held for others to join it, and this unit is the first of the next frame.
            if range.lowerBound - written > 4096 {
                written = range.lowerBound
                player.trim(before: written)
            }
            try #require(range.lowerBound >= player.base)
            let isKept = player.text[range.lowerBound - player.base..<range.upperBound - player.base] == text[range]
            try #require(isKept)
        }
        #expect(player.base > 0)
    }
}

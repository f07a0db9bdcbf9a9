// SPDX-License-Identifier: Apache-2.0

import Conversation
import EventStream
import JSON
import TestSupport
import Testing
import WireFormats

struct AnthropicMessagesRendererTests {
    private typealias Said = AnthropicSaid

    @Test(
        arguments: [
            (
                "text",
                [Said.text("Good"), Said.text(" day, "), Said.text("Zoë 👋\n\"you\""), .end(.stop), Said.usage(21, 7)]
            ),
            (
                "thinking_text",
                [
                    Said.reasoning("Three times"), Said.reasoning(" five."), Said.text("It is"), Said.text(" 15."),
                    .end(.stop),
                    Said.usage(21, 19, reasoning: 11),
                ]
            ),
            (
                "tool_use",
                [
                    Said.text("I look"), Said.text(" it up."), Said.call(0, id: "toolu_01given", name: "tide"),
                    Said.call(0, "{\"port\""), Said.call(0, ":\"Bergen\"}"), Said.call(1, name: "moon"),
                    Said.call(1, "{\"day\":3}"), .end(.toolCalls), Said.usage(21, 48, cached: 5),
                ]
            ),
            ("tool_use_noargs", [Said.call(0, name: "now"), .end(.toolCalls), Said.usage(21, 9)]),
            ("max_tokens", [Said.text("There was"), .end(.length), Said.usage(21, 2)]),
            ("stop_sequence", [Said.text("a, b"), .end(.stopSequence("\nEND")), Said.usage(21, 3)]),
            ("refusal", [.end(.refusal), Said.usage(21, 1)]),
            (
                "refusal_text",
                [Said.refusal("I would"), Said.refusal(" rather not."), .end(.refusal), Said.usage(21, 5)]
            ),
            ("content_filter", [Said.text("Half a"), .end(.contentFilter), Said.usage(21, 2)]),
        ] as [(String, [ChatEvent])]
    )
    func `a whole answer has the events of the real API`(name: String, events: [ChatEvent]) {
        let actual = AnthropicPlayer.stream(events)
        #expect(actual == AnthropicGolden.bytes("\(name).sse", replacedBy: actual))
    }

    @Test
    func `thinking that is not to be shown bears its signature only`() {
        let events = [Said.reasoning("Hidden."), Said.text("Seen."), .end(.stop), Said.usage(21, 8, reasoning: 4)]
        let actual = AnthropicPlayer.stream(events, omitsThinking: true)
        #expect(actual == AnthropicGolden.bytes("thinking_omitted.sse", replacedBy: actual))
    }

    @Test(arguments: [
        (ChatFault.Kind.overloaded, "overloaded"), (.upstreamTimeout, "timeout"), (.upstreamReset, "api"),
    ])
    func `an answer that is not whole ends with an error event, and nothing follows`(kind: ChatFault.Kind, name: String)
    {
        let fault = ChatFault(kind: kind, message: "It went wrong.", retryable: true)
        var player = AnthropicPlayer(requestID: name == "overloaded" ? "req_011" : nil)
        player.play(Said.text("Half"))
        player.play(.fault(fault))
        let actual = player.frames.bytes
        for event in [Said.text("x"), Said.call(0, name: "f"), .end(.stop), Said.usage(1, 1), .fault(fault)] {
            player.play(event)
        }
        player.heartbeat()
        #expect(player.frames.bytes == actual)
        #expect(actual == AnthropicGolden.bytes("error_midstream_\(name).sse", replacedBy: actual))
    }

    @Test
    func `a heartbeat is a ping, before the first word and between any two, and none after the last event`() {
        var player = AnthropicPlayer()
        player.heartbeat()
        player.play(Said.text("Slow"))
        player.heartbeat()
        player.play(.end(.stop))
        player.heartbeat()
        player.play(Said.usage(21, 1))
        let actual = player.frames.bytes
        player.heartbeat()
        #expect(player.frames.bytes == actual)
        #expect(actual == AnthropicGolden.bytes("heartbeat.sse", replacedBy: actual))
    }

    @Test
    func `frames say what they are for`() {
        var player = AnthropicPlayer()
        for event in [Said.reasoning("a"), Said.text("b"), .end(.stop), Said.usage(1, 1)] { player.play(event) }
        let kinds = player.frames.frames.map(\.kind)
        let thinking: [FrameBuffer.Kind] = [.structure, .structure, .structure, .unit, .structure, .structure]
        #expect(kinds == thinking + [.structure, .unit, .structure, .finish, .terminator])
        #expect(player.frames.frames.last?.end == player.frames.bytes.count)
    }

    @Test
    func `what belongs to no choice or no call is dropped`() {
        var player = AnthropicPlayer()
        let before = player.frames.bytes
        let unit: [UInt8] = [0x61]
        player.renderer.append(unit.span, as: .text, choice: 1, into: &player.frames)
        player.renderer.append(unit.span, as: .toolArguments, choice: 0, into: &player.frames)
        player.renderer.beginToolCall(ToolCall(id: "", name: "f", arguments: []), choice: 1, into: &player.frames)
        player.renderer.end(.length, choice: 1, into: &player.frames)
        player.play(Said.text(""))
        #expect(player.frames.bytes == before)
        player.play(Said.usage(1, 1))
        #expect(AnthropicPlayer.parse(player.frames.bytes).last == .end(.stop))
    }

    @Test
    func `blocks come one at a time, in order, and any text fits in them`() throws {
        for seed in 0..<300 {
            var dice = Dice(seed: UInt64(seed))
            let stream = AnthropicPlayer.stream(dice.answer())
            var parser = EventStreamParser()
            var events: [ServerSentEvent] = []
            try parser.feed(stream.span) { events.append($0) }
            var open: Int?
            var count = 0
            for event in events {
                let data = try JSONReader.read(event.data)
                #expect(data["type"]?.text == event.type)
                switch event.type {
                case "content_block_start":
                    #expect(open == nil)
                    #expect(data["index"]?.integer == count)
                    open = count
                    count += 1
                case "content_block_delta": #expect(data["index"]?.integer == open)
                case "content_block_stop":
                    #expect(open != nil && data["index"]?.integer == open)
                    open = nil
                case "message_start", "message_delta", "message_stop": #expect(open == nil)
                default: #expect(event.type == "ping")
                }
            }
            #expect(events.first?.type == "message_start" && events.last?.type == "message_stop", "seed \(seed)")
        }
    }

    @Test
    func `what is rendered is parsed as what was said, cut wherever`() {
        for seed in 0..<300 {
            var dice = Dice(seed: UInt64(seed) + 1000)
            let said = dice.answer()
            let stream = AnthropicPlayer.stream(said)
            let cuts = (0..<3).map { _ in Int.random(in: 0...stream.count, using: &dice) }
            let heard = AnthropicPlayer.parse(stream, cuts: cuts)
            // The renderer is told the end before the counts, and the parser tells it after them.
            let expected = said.filter { !AnthropicSaid.isLast($0) } + said.filter(AnthropicSaid.isLast)
            #expect(AnthropicSaid.joined(heard) == AnthropicSaid.joined(expected), "seed \(seed)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

struct AnthropicMessagesStreamParserTests {
    private typealias Said = AnthropicSaid

    private static let start =
        #"{"type":"message_start","message":{"id":"msg_1","content":[],"usage":{"input_tokens":4,"output_tokens":1}}}"#
    private static let stop = #"{"type":"message_stop"}"#

    @Test
    func `text, thinking and calls come as they are said, and the counts before the end`() {
        let events = Self.read([
            Self.start, Self.begin(0, #"{"type":"thinking","thinking":"","signature":""}"#),
            Self.delta(0, #"{"type":"thinking_delta","thinking":"hm"}"#),
            Self.delta(0, #"{"type":"signature_delta","signature":"Er"}"#), Self.end(0),
            Self.begin(1, #"{"type":"text","text":""}"#), #"{"type":"ping"}"#,
            Self.delta(1, #"{"type":"text_delta","text":"Hé😀"}"#),
            Self.delta(1, #"{"type":"citations_delta","citation":{}}"#), Self.end(1),
            Self.begin(2, #"{"type":"tool_use","id":"toolu_1","name":"f","input":{}}"#),
            Self.delta(2, #"{"type":"input_json_delta","partial_json":""}"#),
            Self.delta(2, #"{"type":"input_json_delta","partial_json":"{\"a\":"}"#),
            Self.delta(2, #"{"type":"input_json_delta","partial_json":"1}"}"#), Self.end(2),
            Self.begin(3, #"{"type":"tool_use","id":"toolu_2","name":"g","input":{}}"#), Self.end(3),
            Self.finish("tool_use", usage: #"{"output_tokens":30,"cache_read_input_tokens":2}"#), Self.stop,
        ])
        #expect(
            events == [
                Said.reasoning("hm"), Said.text("Hé😀"), Said.call(0, id: "toolu_1", name: "f"), Said.call(0, #"{"a":"#),
                Said.call(0, "1}"), Said.call(1, id: "toolu_2", name: "g"), Said.usage(6, 30, cached: 2),
                .end(.toolCalls),
            ]
        )
    }

    @Test(arguments: [
        ("end_turn", FinishReason.stop), ("max_tokens", .length), ("model_context_window_exceeded", .length),
        ("stop_sequence", .stopSequence("END")), ("tool_use", .toolCalls), ("pause_turn", .stop),
        ("refusal", .refusal), ("something_new", .stop),
    ])
    func `a stop reason makes an answer whole, with or without message_stop`(word: String, reason: FinishReason) {
        for last in [[], [Self.stop], [Self.stop, Self.delta(0, #"{"type":"text_delta","text":"late"}"#)]] {
            let events = Self.read([Self.start, Self.finish(word, usage: #"{"output_tokens":2}"#)] + last)
            #expect(events == [Said.usage(4, 2), .end(reason)])
        }
    }

    @Test
    func `message_stop alone makes an answer whole`() {
        #expect(Self.read([Self.stop]) == [.end(.stop)])
        #expect(Self.read([Self.start, Self.stop]) == [Said.usage(4, 1), .end(.stop)])
    }

    @Test(arguments: [
        [], [start], [start, delta(0, #"{"type":"text_delta","text":"a"}"#)],
        [start, #"{"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":1}}"#],
    ])
    func `without either the answer is truncated`(payloads: [String]) {
        let fault = Said.fault(Self.read(payloads).last)
        #expect(fault?.kind == .truncated && fault?.retryable == true)
    }

    @Test(arguments: [
        (#"{"type":"error","error":{"type":"overloaded_error","message":"Busy"},"request_id":"req_1"}"#, "Busy", true),
        (#"{"type":"error","error":{"type":"rate_limit_error","message":"m"}}"#, "m", true),
        (#"{"type":"error","error":{"type":"invalid_request_error","message":"m"}}"#, "m", false),
        (#"{"error":{"message":"m"}}"#, "m", false), (#"{"error":"plain"}"#, "plain", false),
        (#"{"type":"error"}"#, "The upstream gave no reason.", false),
    ])
    func `an error event ends the answer, and says whether trying again may help`(
        payload: String,
        message: String,
        retryable: Bool
    ) {
        let text = Self.delta(0, #"{"type":"text_delta","text":"a"}"#)
        let fault = ChatFault(kind: .upstreamError, message: message, retryable: retryable)
        #expect(Self.read([Self.start, text, payload, Self.stop]) == [Said.text("a"), .fault(fault)])
    }

    @Test(arguments: ["{", "[1]", "x", "1"])
    func `what is no JSON object is a fault of the protocol`(payload: String) {
        let events = Self.read([Self.start, payload, Self.stop])
        #expect(events.count == 1)
        #expect(Said.fault(events.last)?.kind == .upstreamProtocol)
    }

    @Test(arguments: [
        "{}", #"{"type":"ping"}"#, "[DONE]", #"{"type":"future_event","delta":{"text":"x"}}"#,
        #"{"type":"content_block_start"}"#, #"{"type":"content_block_start","index":0,"content_block":null}"#,
        #"{"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"x"}}"#,
        #"{"type":"content_block_delta","index":0}"#, #"{"type":"content_block_delta","delta":{"type":"text_delta"}}"#,
        #"{"type":"content_block_delta","delta":{"type":"text_delta","text":5}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"future_delta","text":"x"}}"#,
        #"{"type":"message_delta"}"#, #"{"type":"oops","error":null}"#,
    ])
    func `what says nothing is passed over`(payload: String) {
        #expect(Self.read([payload, Self.stop]) == [.end(.stop)])
    }

    @Test
    func `text and input that a block begins with are read, unless input comes in pieces`() {
        let call = #"{"type":"tool_use","id":"t","name":"f","input":{"a":1}}"#
        let events = Self.read([
            Self.begin(0, #"{"type":"text","text":"Hi"}"#), Self.end(0), Self.begin(1, call), Self.end(1),
            Self.begin(2, call), Self.delta(2, #"{"type":"input_json_delta","partial_json":"{}"}"#), Self.stop,
        ])
        #expect(
            events == [
                Said.text("Hi"), Said.call(0, id: "t", name: "f"), Said.call(0, #"{"a":1}"#),
                Said.call(1, id: "t", name: "f"), Said.call(1, "{}"), .end(.stop),
            ]
        )
    }

    @Test
    func `events without an event line are read too`() {
        let data = [Self.start, Self.delta(0, #"{"type":"text_delta","text":"a"}"#), Self.stop]
        let stream = data.map { ": c\r\ndata:\($0)\r\n\r\n" }.joined()
        #expect(AnthropicPlayer.parse(Array(stream.utf8)) == [Said.text("a"), Said.usage(4, 1), .end(.stop)])
    }

    @Test
    func `a stream cut in two, wherever, gives the same`() {
        let said = [
            Said.text("Hé😀"), Said.call(0, id: "t", name: "f"), Said.call(0, "{}"), .end(.toolCalls), Said.usage(3, 4),
        ]
        let stream = AnthropicPlayer.stream(said)
        let whole = AnthropicPlayer.parse(stream)
        for cut in 0...stream.count { #expect(AnthropicPlayer.parse(stream, cuts: [cut]) == whole, "cut at \(cut)") }
    }

    @Test
    func `an event over the bound ends the answer after what came before it`() {
        var parser = AnthropicMessagesStreamParser(limit: 120)
        let text = Self.delta(0, #"{"type":"text_delta","text":"a"}"#)
        let events = parser.feed(Self.stream([text, String(repeating: "x", count: 121)]))
        #expect(events.first == Said.text("a"))
        #expect(Said.fault(events.last)?.kind == .upstreamProtocol)
        #expect(parser.finish().isEmpty)
        #expect(parser.feed(Self.stream([text])).isEmpty)
    }

    @Test
    func `the text is known to be whole from the stop reason on`() {
        var parser = AnthropicMessagesStreamParser()
        _ = parser.feed(Self.stream([Self.start]))
        #expect(!parser.hasWholeText)
        _ = parser.feed(Self.stream([Self.finish("end_turn", usage: "null")]))
        #expect(parser.hasWholeText)
        #expect(parser.finish() == [Said.usage(4, 1), .end(.stop)])
    }

    @Test
    func `counts that no answer can have do not break the sums`() {
        let most = Int.max
        let usage = #"{"input_tokens":\#(most),"cache_creation_input_tokens":\#(most),"output_tokens":-5}"#
        #expect(Self.read([Self.finish("end_turn", usage: usage)]) == [Said.usage(2 << 40, 0), .end(.stop)])
    }

    @Test
    func `whatever comes, there is one end, and it is the last`() {
        var dice = Dice(seed: 0xA9)
        let streams = (0..<200).map { _ in AnthropicPlayer.stream(dice.answer()) }
        for round in 0..<10_000 {
            let stream = dice.mangled(streams.randomElement(using: &dice) ?? [])
            let cut = Int.random(in: 0...stream.count, using: &dice)
            let events = AnthropicPlayer.parse(stream, cuts: [cut])
            #expect(events.filter(Said.isLast).count == 1, "round \(round)")
            #expect(events.last.map(Said.isLast) == true, "round \(round)")
        }
    }

    @Test
    func `calls without end, end the answer`() {
        let call = Self.begin(0, #"{"type":"tool_use","id":"t","name":"f","input":{"a":1}}"#)
        let events = Self.read([String](repeating: call, count: 1026) + [Self.stop])
        // Each call has its name and its input, but for the last: it is still open.
        #expect(events.count == 2048 + 1)
        guard case .fault(let fault) = events.last else {
            Issue.record("no fault")
            return
        }
        #expect(fault.kind == .upstreamProtocol)
    }

    private static func begin(_ index: Int, _ block: String) -> String {
        #"{"type":"content_block_start","index":\#(index),"content_block":\#(block)}"#
    }

    private static func delta(_ index: Int, _ delta: String) -> String {
        #"{"type":"content_block_delta","index":\#(index),"delta":\#(delta)}"#
    }

    private static func end(_ index: Int) -> String {
        #"{"type":"content_block_stop","index":\#(index)}"#
    }

    private static func finish(_ reason: String, usage: String) -> String {
        let sequence = reason == "stop_sequence" ? #""END""# : "null"
        let delta = #"{"stop_reason":"\#(reason)","stop_sequence":\#(sequence)}"#
        return #"{"type":"message_delta","delta":\#(delta),"usage":\#(usage)}"#
    }

    private static func stream(_ payloads: [String]) -> [UInt8] {
        Array(payloads.map { "event: x\ndata: \($0)\n\n" }.joined().utf8)
    }

    private static func read(_ payloads: [String]) -> [ChatEvent] {
        AnthropicPlayer.parse(stream(payloads))
    }
}

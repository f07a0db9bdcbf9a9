// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

/// The oddities of other servers that a gateway bears (sdk-expectations.md, part 7).
struct OpenAIChatLenientParserTests {
    @Test(arguments: [
        #"{"id":"","object":"","choices":[],"prompt_filter_results":[]}"#,
        #"{"choices":[{"index":0,"delta":{"role":""},"finish_reason":""}]}"#,
        #"{"choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}],"error":""}"#,
        #"{"choices":[],"error":false}"#, "", " ",
    ])
    func `what says nothing is passed over, and a role may come with each chunk`(payload: String) {
        let word = #"{"choices":[{"delta":{"role":"assistant","content":"a"}}]}"#
        #expect(Self.read([payload, word, payload, word, "[DONE]"]) == [Self.text("a"), Self.text("a"), .end(.stop)])
    }

    @Test(arguments: [
        (#""content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#, [text("ab")]),
        (
            #""content":[{"type":"thinking","thinking":[{"type":"text","text":"t"}]},{"type":"text","text":"b"}]"#,
            [.reasoning(Array("t".utf8)), text("b")]
        ),
        (#""content":[5,{"type":"image_url"}]"#, []),
        (
            #""reasoning_details":[{"type":"reasoning.text","text":"t"},{"type":"reasoning.summary","summary":"s"}]"#,
            [.reasoning(Array("ts".utf8))]
        ),
        (
            #""reasoning":"t","reasoning_details":[{"type":"reasoning.text","text":"t"}]"#,
            [.reasoning(Array("t".utf8))]
        ),
    ])
    func `content and reasoning may come in parts`(delta: String, events: [ChatEvent]) {
        #expect(Self.read([Self.chunk(delta), "[DONE]"]) == events + [.end(.stop)])
    }

    @Test(
        arguments: [
            // All calls with index 0, an id for each.
            ([(0, "a", "f", "1"), (0, "b", "f", "2")], [(0, "a", "f", "1"), (1, "b", "f", "2")]),
            (
                [(0, "a", "f", ""), (0, nil, nil, "1"), (0, "b", "g", ""), (0, nil, nil, "2")],
                [(0, "a", "f", ""), (0, nil, nil, "1"), (1, "b", "g", ""), (1, nil, nil, "2")]
            ),
            // No index.
            ([(nil, "a", "f", "1"), (nil, "b", "f", "2")], [(0, "a", "f", "1"), (1, "b", "f", "2")]),
            (
                [(nil, "", "f", "1"), (nil, nil, nil, "2"), (nil, nil, "g", "3")],
                [(0, nil, "f", "1"), (0, nil, nil, "2"), (1, nil, "g", "3")]
            ),
            // An id and a name in each fragment.
            (
                [(0, "a", "f", "1"), (0, "a", "f", "2"), (1, "b", "f", "3"), (0, "a", nil, "4")],
                [(0, "a", "f", "1"), (0, nil, nil, "2"), (1, "b", "f", "3"), (0, nil, nil, "4")]
            ),
            ([(0, "a", "f", "1"), (nil, "a", nil, "2")], [(0, "a", "f", "1"), (0, nil, nil, "2")]),
            // Another id in each fragment, and an index that does not begin at 0.
            ([(3, "a", "f", "1"), (3, "b", nil, "2")], [(3, "a", "f", "1"), (3, nil, nil, "2")]),
            // A name, or an id, that comes late.
            ([(0, "a", nil, ""), (0, nil, "f", "1")], [(0, "a", nil, ""), (0, nil, "f", "1")]),
            ([(0, nil, "f", ""), (0, "a", nil, "1")], [(0, nil, "f", ""), (0, "a", nil, "1")]),
        ] as [([Fragment], [Fragment])]
    )
    func `a fragment finds its call, and tells its id and name once`(fragments: [Fragment], deltas: [Fragment]) {
        let payloads = fragments.map { Self.chunk("\"tool_calls\":[\(Self.json($0))]") }
        let events = deltas.map { delta in
            ChatEvent.toolCall(
                ToolCallDelta(
                    index: delta.index ?? 0,
                    id: delta.id,
                    name: delta.name,
                    arguments: Array(delta.arguments.utf8)
                )
            )
        }
        #expect(Self.read(payloads + ["[DONE]"]) == events + [.end(.stop)])
        let together = Self.chunk("\"tool_calls\":[\(fragments.map(Self.json).joined(separator: ","))]")
        #expect(Self.read([together, "[DONE]"]) == events + [.end(.stop)])
    }

    typealias Fragment = (index: Int?, id: String?, name: String?, arguments: String)

    @Test(arguments: [
        (#"{"a": 1, "b": [true]}"#, #"{"a":1,"b":[true]}"#), ("null", ""), (#""{}""#, "{}"), ("5", ""),
    ])
    func `arguments may be JSON instead of its text, or null`(arguments: String, text: String) {
        let call = #""tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":\#(arguments)}}]"#
        let delta = ToolCallDelta(index: 0, id: "a", name: "f", arguments: Array(text.utf8))
        #expect(Self.read([Self.chunk(call), "[DONE]"]) == [.toolCall(delta), .end(.stop)])
    }

    @Test
    func `the deprecated function_call is a call too`() {
        let events = Self.read([
            Self.chunk(#""function_call":{"name":"f","arguments":""}"#),
            Self.chunk(#""function_call":{"arguments":"{}"}"#),
            #"{"choices":[{"delta":{},"finish_reason":"function_call"}]}"#,
        ])
        let first = ToolCallDelta(index: 0, id: nil, name: "f", arguments: [])
        let second = ToolCallDelta(index: 0, id: nil, name: nil, arguments: Array("{}".utf8))
        #expect(events == [.toolCall(first), .toolCall(second), .end(.toolCalls)])
    }

    @Test
    func `more calls than any answer has are a fault`() {
        let calls = (0...1024).map { (number: Int) in Self.json((number, "c\(number)", "f", "")) }.joined(
            separator: ","
        )
        let events = Self.read([Self.chunk("\"tool_calls\":[\(calls)]"), "[DONE]"])
        #expect(events.count == 1025)
        guard case .fault(let fault) = events.last else { return #expect(Bool(false), "no fault") }
        #expect(fault.kind == .upstreamProtocol)
    }

    @Test
    func `counts with each chunk are told once, the last of them`() {
        func chunk(_ text: String, _ count: Int, _ reason: String = "null") -> String {
            #"""
            {"choices":[{"delta":{"content":"\#(text)"},"finish_reason":\#(reason)}],\#
            "usage":{"prompt_tokens":3,"completion_tokens":\#(count)}}
            """#
        }
        let payloads = [chunk("a", 1), chunk("b", 2), chunk("", 3, "\"stop\""), "[DONE]"]
        let end = [ChatEvent.usage(Usage(inputTokens: 3, outputTokens: 3)), .end(.stop)]
        #expect(Self.read(payloads) == [Self.text("a"), Self.text("b")] + end)
        #expect(Self.read(payloads, wantsUsage: true) == [Self.text("a"), Self.text("b")] + end)
    }

    @Test
    func `counts of an answer that is not whole are told before its fault`() {
        let events = Self.read([#"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#])
        #expect(events.count == 2)
        #expect(events.first == .usage(Usage(inputTokens: 1, outputTokens: 2)))
    }

    @Test(arguments: [
        (#""prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":5}"#, 5, 4),
        (#""prompt_cache_hit_tokens":6"#, 0, 6), (#""prompt_tokens_details":null"#, 0, 0),
        (#""completion_tokens_details":{"reasoning_tokens":-1}"#, 0, 0),
    ])
    func `counts have details`(details: String, reasoning: Int, cached: Int) {
        let payload = #"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,\#(details)}}"#
        let usage = Usage(inputTokens: 1, outputTokens: 2, reasoningTokens: reasoning, cachedTokens: cached)
        #expect(Self.read([payload, "[DONE]"]) == [.usage(usage), .end(.stop)])
    }

    @Test(arguments: ["-1", "9223372036854775807", "1.5", "null", "\"1\""])
    func `counts that cannot be are none`(count: String) {
        let payload = #"{"choices":[],"usage":{"prompt_tokens":\#(count),"completion_tokens":2}}"#
        #expect(Self.read([payload, "[DONE]"]) == [.end(.stop)])
    }

    @Test(arguments: [
        (#"{"object":"error","message":"m","type":"BadRequestError","code":400}"#, "m", false),
        (#"{"object":"error","message":"m","type":"x","code":503}"#, "m", true),
        (#"{"detail":"Not Found"}"#, "Not Found", false),
        (#"{"detail":[{"loc":["body"],"msg":"field required","type":"missing"}]}"#, "field required", false),
        (#"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#, "m", true),
        (#"{"error":{"message":"m","code":"server_is_overloaded"}}"#, "m", true),
        (
            #"{"id":"x","choices":[{"delta":{},"finish_reason":"error"}],"error":{"code":502,"message":"m"}}"#,
            "m", true
        ),
    ])
    func `an error is told in many shapes`(payload: String, message: String, retryable: Bool) {
        let fault = ChatFault(kind: .upstreamError, message: message, retryable: retryable)
        #expect(Self.read([payload, "[DONE]"]) == [.fault(fault)])
        #expect(OpenAIChatError.message(inBody: Array(payload.utf8)) == message)
    }

    @Test(arguments: ["", "<html>busy</html>", "{}", "[]", #"{"error":null}"#])
    func `a body in no known shape has no message`(body: String) {
        #expect(OpenAIChatError.message(inBody: Array(body.utf8)) == nil)
    }

    @Test
    func `an answer that ends in an error without a reason is no whole answer`() {
        let events = Self.read([
            Self.chunk(#""content":"a""#), #"{"choices":[{"delta":{},"finish_reason":"error"}]}"#, "[DONE]",
        ])
        guard case .fault(let fault) = events.last else { return #expect(Bool(false), "no fault") }
        #expect(fault.kind == .upstreamError)
        #expect(events.count == 2)
    }

    @Test(arguments: [
        "data: [DONE]", "data: [DONE]\n", "data:[DONE]  \n\n", "\u{FEFF}data: [DONE]\r\r",
        "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}",
    ])
    func `the end may lack its blank line, or have blanks around it`(end: String) {
        var parser = OpenAIChatStreamParser(wantsUsage: false)
        #expect(parser.feed(Array(end.utf8)) + parser.finish() == [.end(.stop)])
    }

    @Test(arguments: ["data: [DON", "data: {\"choices\":[{\"finish_reason\":\"st"])
    func `an end that was cut makes nothing whole`(end: String) {
        var parser = OpenAIChatStreamParser(wantsUsage: false)
        let events = parser.feed(Array(end.utf8)) + parser.finish()
        guard case .fault(let fault) = events.last else { return #expect(Bool(false), "no fault") }
        #expect(fault.kind == .truncated)
    }

    @Test(arguments: 0..<4)
    func `a stream that was tampered with has at most one end, and nothing after it`(seed: Int) {
        var dice = Dice(seed: UInt64(seed))
        let stream = Self.stream([
            Self.chunk(#""content":"a","reasoning":"b""#),
            Self.chunk("\"tool_calls\":[\(Self.json((0, "a", "f", "1")))]"),
            #"{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#,
            "[DONE]",
        ])
        for _ in 0..<1000 {
            var bytes = stream
            for _ in 0..<3 {
                let place = Int.random(in: 0..<bytes.count, using: &dice)
                bytes[place] = UInt8.random(in: 0...255, using: &dice)
            }
            var parser = OpenAIChatStreamParser(wantsUsage: Bool.random(using: &dice))
            let events = parser.feed(bytes) + parser.finish()
            let ends = events.indices.filter { Self.isEnd(events[$0]) }
            #expect(ends == [events.count - 1])
        }
    }

    private static func isEnd(_ event: ChatEvent) -> Bool {
        switch event {
        case .end, .fault: true
        default: false
        }
    }

    private static func json(_ fragment: Fragment) -> String {
        let index = fragment.index.map { "\"index\":\($0)," } ?? ""
        let id = fragment.id.map { "\"id\":\"\($0)\"," } ?? ""
        let name = fragment.name.map { "\"name\":\"\($0)\"," } ?? ""
        return "{\(index)\(id)\"function\":{\(name)\"arguments\":\"\(fragment.arguments)\"}}"
    }

    private static func chunk(_ delta: String) -> String {
        "{\"choices\":[{\"index\":0,\"delta\":{\(delta)},\"finish_reason\":null}]}"
    }

    private static func stream(_ payloads: [String]) -> [UInt8] {
        Array(payloads.map { "data: \($0)\n\n" }.joined().utf8)
    }

    private static func read(_ payloads: [String], wantsUsage: Bool = false) -> [ChatEvent] {
        var parser = OpenAIChatStreamParser(wantsUsage: wantsUsage)
        return parser.feed(stream(payloads)) + parser.finish()
    }

    private static func text(_ text: String) -> ChatEvent { .text(Array(text.utf8)) }
}

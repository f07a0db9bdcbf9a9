// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

struct GeminiStreamParserTests {
    private static let hello = #"{"candidates":[{"content":{"parts":[{"text":"Hé😀"}],"role":"model"},"index":0}]}"#
    private static let finish = #"""
        {"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":4,
        "candidatesTokenCount":2,"thoughtsTokenCount":1,"cachedContentTokenCount":3}}
        """#.split(separator: "\n").joined()
    private static let problem = #"{"error":{"code":503,"message":"Busy.","status":"UNAVAILABLE"}}"#
    private static let ending: [ChatEvent] = [
        .usage(Usage(inputTokens: 4, outputTokens: 3, reasoningTokens: 1, cachedTokens: 3)), .end(.stop),
    ]
    private static let busy = ChatEvent.fault(ChatFault(kind: .upstreamError, message: "Busy.", retryable: true))

    private static let streams: [(String, [ChatEvent])] = [
        (sse([hello, hello, finish]), [text("Hé😀"), text("Hé😀")] + ending),
        (sse([hello, finish]).replacing("\r\n", with: "\n"), [text("Hé😀")] + ending),
        ("[\(hello),\n\(hello)\n,\r\n\(finish)]", [text("Hé😀"), text("Hé😀")] + ending),
        (finish, ending),
        (sse([hello]) + "{\n  \"error\": {\n\"code\": 503, \"message\": \"Busy.\"}\n}\n", [text("Hé😀"), busy]),
        (sse([hello, problem]), [text("Hé😀"), busy]),
        ("[\(hello),\(problem)]", [text("Hé😀"), busy]),
        ("[\(problem)]", [busy]),
        ("data: \(hello)\r\n{\"error\":{\"code\":503,\"message\":\"Busy.\"}}", [text("Hé😀"), busy]),
        (sse([#"{"promptFeedback":{"blockReason":"SAFETY"}}"#]), [.end(.contentFilter)]),
    ]

    @Test(arguments: streams)
    func `a stream cut in two, wherever, gives the same`(stream: String, expected: [ChatEvent]) {
        let bytes = Array(stream.utf8)
        for cut in 0...bytes.count {
            var parser = GeminiStreamParser()
            var events = parser.feed(Array(bytes[..<cut]))
            events += parser.feed(Array(bytes[cut...]))
            events += parser.finish()
            #expect(events == expected, "cut at \(cut)")
        }
    }

    @Test
    func `thoughts are told from text, and a call comes whole`() {
        let parts = #"""
            {"text":"hm","thought":true},{"text":"a"},{"functionCall":{"id":"fc-1","name":"f","args":{"x":1.0}}},
            {"functionCall":{"name":"g"}},{"executableCode":{}},5
            """#.split(separator: "\n").joined()
        let events = Self.read([#"{"candidates":[{"content":{"parts":[\#(parts)]},"finishReason":"STOP"}]}"#])
        #expect(
            events == [
                .reasoning(Array("hm".utf8)), Self.text("a"),
                .toolCall(ToolCallDelta(index: 0, id: "fc-1", name: "f", arguments: Array(#"{"x":1.0}"#.utf8))),
                .toolCall(ToolCallDelta(index: 1, id: nil, name: "g", arguments: Array("{}".utf8))), .end(.toolCalls),
            ]
        )
    }

    @Test(arguments: [
        ("STOP", FinishReason.stop), ("MAX_TOKENS", .length), ("SAFETY", .contentFilter), ("SPII", .contentFilter),
        ("BRAND_NEW", .stop),
    ])
    func `the reason is the conversation's`(word: String, reason: FinishReason) {
        #expect(Self.read([#"{"candidates":[{"finishReason":"\#(word)"}]}"#, Self.hello]) == [.end(reason)])
    }

    @Test
    func `counts that no answer can have are brought into bounds`() {
        let counts = #"{"promptTokenCount":9223372036854775807,"candidatesTokenCount":-1,"thoughtsTokenCount":5}"#
        let events = Self.read([#"{"candidates":[{"finishReason":"STOP"}],"usageMetadata":\#(counts)}"#])
        let usage = Usage(inputTokens: 1 << 40, outputTokens: 5, reasoningTokens: 5)
        #expect(events == [.usage(usage), .end(.stop)])
    }

    @Test
    func `a call that the model spoilt is a fault`() {
        let events = Self.read([#"{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}]}"#])
        #expect(Self.fault(events.last)?.kind == .upstreamError)
    }

    @Test(arguments: [
        [], [hello], [#"{"candidates":[]}"#], [#"{"candidates":[{"index":1,"finishReason":"STOP"}]}"#],
        [#"{"candidates":[{"finishReason":"FINISH_REASON_UNSPECIFIED"}]}"#], ["{}"],
    ])
    func `without a finishReason the answer is truncated`(payloads: [String]) {
        #expect(Self.fault(Self.read(payloads).last)?.kind == .truncated)
    }

    @Test(arguments: ["data: {\r\n\r\n", "data: 5\r\n\r\n", "[{\"a\":}]", "[5]", "{}x"])
    func `what is no JSON object is a fault of the protocol`(stream: String) {
        var parser = GeminiStreamParser()
        let events = parser.feed(Array(stream.utf8))
        #expect(Self.fault(events.last)?.kind == .upstreamProtocol)
        #expect(parser.feed([0x7B]).isEmpty && parser.finish().isEmpty)
    }

    @Test(arguments: ["data: ", "["])
    func `a response over the bound ends the answer after what came before it`(opening: String) {
        var parser = GeminiStreamParser(limit: 200)
        let first = parser.feed(Array((opening == "[" ? "[" + Self.hello : Self.sse([Self.hello])).utf8))
        #expect(first == [Self.text("Hé😀")])
        let events = parser.feed(Array((opening + "{\"a\":\"" + String(repeating: "x", count: 300)).utf8))
        #expect(events.count == 1 && Self.fault(events.last)?.kind == .upstreamProtocol)
    }

    @Test(arguments: [true, false])
    func `what the renderer writes, the parser reads`(isEventStream: Bool) throws {
        let usage = Usage(inputTokens: 9, outputTokens: 7, reasoningTokens: 2)
        let bytes = try GeminiStory.render(
            [
                .unit("hm", .reasoning), .unit("One\r\n"), .unit(" \u{2028}two"), .call("f", id: "fc-1"),
                .unit("{\"a\":", .toolArguments), .unit("[]}", .toolArguments), .end(.toolCalls), .finish(usage),
            ],
            isEventStream: isEventStream
        ).bytes
        var parser = GeminiStreamParser()
        let events = bytes.flatMap { parser.feed([$0]) } + parser.finish()
        #expect(
            events == [
                .reasoning(Array("hm".utf8)), Self.text("One\r\n"), Self.text(" \u{2028}two"),
                .toolCall(ToolCallDelta(index: 0, id: "fc-1", name: "f", arguments: Array(#"{"a":[]}"#.utf8))),
                .usage(usage), .end(.toolCalls),
            ]
        )
        let fault = ChatFault(kind: .upstreamReset, message: "Gone.", retryable: true)
        let failed = try GeminiStory.render([.unit("a"), .fail(fault)], isEventStream: isEventStream).bytes
        var other = GeminiStreamParser()
        let expected = ChatFault(kind: .upstreamError, message: "Gone.", retryable: true)
        #expect(other.feed(failed) + other.finish() == [Self.text("a"), .fault(expected)])
    }

    @Test
    func `no stream breaks the parser, and each ends once`() {
        var dice = Dice(seed: 2)
        let words = ["{", "}", "[", "]", "\"", "\\", "data: ", "\r\n", "\n", ",", "null", "{\"error\":1}"]
        for round in 0..<10_000 {
            var bytes = Array(Self.streams[round % Self.streams.count].0.utf8)
            for _ in 0..<Int.random(in: 0...4, using: &dice) {
                let start = Int.random(in: 0..<bytes.count, using: &dice)
                let end = min(bytes.count, start + Int.random(in: 0...6, using: &dice))
                bytes.replaceSubrange(
                    start..<end,
                    with: Array(words[Int.random(in: 0..<words.count, using: &dice)].utf8)
                )
            }
            var parser = GeminiStreamParser()
            let cut = Int.random(in: 0...bytes.count, using: &dice)
            let events = parser.feed(Array(bytes[..<cut])) + parser.feed(Array(bytes[cut...])) + parser.finish()
            #expect(events.count { Self.isLast($0) } == 1)
            #expect(events.last.map(Self.isLast) == true)
        }
    }

    @Test
    func `calls without end, end the answer`() {
        let calls = [String](repeating: #"{"functionCall":{"name":"f"}}"#, count: 1026).joined(separator: ",")
        let events = Self.read([#"{"candidates":[{"content":{"parts":[\#(calls)]},"finishReason":"STOP"}]}"#])
        #expect(events.count == 1024 + 1)
        #expect(Self.fault(events.last)?.kind == .upstreamProtocol)
    }

    private static func isLast(_ event: ChatEvent) -> Bool {
        switch event {
        case .end, .fault: true
        default: false
        }
    }

    private static func read(_ payloads: [String]) -> [ChatEvent] {
        var parser = GeminiStreamParser()
        return parser.feed(Array(sse(payloads).utf8)) + parser.finish()
    }

    private static func sse(_ payloads: [String]) -> String {
        payloads.map { "data: \($0)\r\n\r\n" }.joined()
    }

    private static func text(_ text: String) -> ChatEvent {
        .text(Array(text.utf8))
    }

    private static func fault(_ event: ChatEvent?) -> ChatFault? {
        if case .fault(let fault) = event { fault } else { nil }
    }
}

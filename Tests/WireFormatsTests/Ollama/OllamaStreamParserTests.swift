// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import WireFormats

struct OllamaStreamParserTests {
    private static let hello = #"{"model":"m","message":{"role":"assistant","content":"Hé😀"},"done":false}"#
    private static let done =
        #"{"message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":11,"eval_count":3}"#
    private static let counts = ChatEvent.usage(Usage(inputTokens: 11, outputTokens: 3))

    @Test
    func `a stream cut in two, wherever, gives the same`() {
        let stream = Array([Self.hello, "", Self.hello, Self.done].joined(separator: "\r\n").utf8)
        for cut in 0...stream.count {
            let events = PlayedAnswer.read(stream, with: OllamaStreamParser(), cuts: [cut])
            #expect(events == [PlayedAnswer.text("Hé😀"), PlayedAnswer.text("Hé😀"), Self.counts, .end(.stop)])
        }
    }

    @Test(
        arguments: [
            (#"{"response":"a","thinking":"t","done":false}"#, [PlayedAnswer.reasoning("t"), PlayedAnswer.text("a")]),
            (#"{"message":{"content":""}}"#, []), (#"{"message":null,"done":0}"#, []), (#"{"status":"x"}"#, []),
            (
                #"{"message":{"tool_calls":[{"id":"i","function":{"index":0,"name":"f","arguments":{"a": 1}}},"#
                    + #"{"function":{"name":"g"}}]}}"#,
                [PlayedAnswer.call("f", id: "i", #"{"a":1}"#), Self.second]
            ),
        ] as [(String, [ChatEvent])]
    )
    func `a line says what is in it`(line: String, expected: [ChatEvent]) {
        let events = Self.read([line, Self.done])
        #expect(events.dropLast(2) == expected[...])
        #expect(events.last == .end(expected.contains(Self.second) ? .toolCalls : .stop))
    }

    private static let second = ChatEvent.toolCall(
        ToolCallDelta(index: 1, id: nil, name: "g", arguments: Array("{}".utf8))
    )

    @Test(arguments: [
        ("stop", FinishReason.stop), ("length", .length), ("load", .stop), ("unload", .stop), ("", .stop),
    ])
    func `the reason to end is told`(word: String, reason: FinishReason) {
        #expect(Self.read([#"{"done":true,"done_reason":"\#(word)"}"#, Self.hello]) == [.end(reason)])
    }

    @Test(arguments: [[], [hello], [#"{"done":false}"#], ["", " \t"]])
    func `without done the answer is truncated`(lines: [String]) {
        let fault = PlayedAnswer.fault(Self.read(lines).last)
        #expect(fault?.kind == .truncated)
        #expect(fault?.retryable == true)
    }

    @Test(arguments: [
        (#"{"error":"it broke"}"#, "it broke"), (#"{"error":{"message":"m"}}"#, "m"),
        (#"{"error":[]}"#, "The upstream gave no reason."),
    ])
    func `an error ends the answer`(line: String, message: String) {
        let events = Self.read([Self.hello, line, Self.done])
        let fault = ChatFault(kind: .upstreamError, message: message, retryable: true)
        #expect(events == [PlayedAnswer.text("Hé😀"), .fault(fault)])
    }

    @Test(arguments: ["{", "[1]", "x", "\"a\"", "{}{}"])
    func `what is no JSON object is a fault of the protocol`(line: String) {
        let events = Self.read([Self.hello, line, Self.hello])
        #expect(events.count == 2)
        #expect(PlayedAnswer.fault(events.last)?.kind == .upstreamProtocol)
    }

    @Test
    func `a line over the bound ends the answer, however it comes`() {
        let stream = Array((Self.hello + "\n" + String(repeating: " ", count: 101)).utf8)
        for cuts in [[], Array(0..<stream.count)] {
            let events = PlayedAnswer.read(stream, with: OllamaStreamParser(limit: 100), cuts: cuts)
            #expect(events.first == PlayedAnswer.text("Hé😀"))
            #expect(PlayedAnswer.fault(events.last)?.kind == .upstreamProtocol)
            #expect(events.count == 2)
        }
    }

    @Test
    func `calls without end, end the answer`() {
        let calls = [String](repeating: #"{"function":{"name":"f"}}"#, count: 1026).joined(separator: ",")
        let events = Self.read([#"{"message":{"tool_calls":[\#(calls)]},"done":true}"#])
        #expect(events.count == 1024 + 1)
        #expect(PlayedAnswer.fault(events.last)?.kind == .upstreamProtocol)
    }

    private static func read(_ lines: [String]) -> [ChatEvent] {
        PlayedAnswer.read(Array(lines.map { $0 + "\n" }.joined().utf8), with: OllamaStreamParser())
    }
}

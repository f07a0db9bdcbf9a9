// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import WireFormats

struct OpenAIChatStreamParserTests {
    private static let hello =
        #"{"choices":[{"index":0,"delta":{"role":"assistant","content":"Hé😀"}}]}"#
    private static let finish = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
    private static let usage = #"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#

    @Test(arguments: [["[DONE]"], [finish], [finish, "[DONE]"], [finish, "[DONE]", hello]])
    func `finish_reason or [DONE] makes an answer whole, and is the last that is read`(ends: [String]) {
        #expect(Self.read([Self.hello] + ends) == [Self.text("Hé😀"), .end(.stop)])
    }

    @Test
    func `a stream cut in two, wherever, gives the same`() {
        let stream = Self.stream([Self.hello, Self.hello, Self.finish, Self.usage, "[DONE]"])
        for cut in 0...stream.count {
            var parser = OpenAIChatStreamParser(wantsUsage: true)
            var events = parser.feed(Array(stream[..<cut]))
            events += parser.feed(Array(stream[cut...]))
            events += parser.finish()
            let counts = ChatEvent.usage(Usage(inputTokens: 1, outputTokens: 2))
            #expect(events == [Self.text("Hé😀"), Self.text("Hé😀"), counts, .end(.stop)], "cut at \(cut)")
        }
    }

    @Test
    func `where counts are wanted, finish_reason waits for them, [DONE] or the body's end`() {
        for last in [[], ["[DONE]"], [Self.usage]] {
            let events = Self.read([Self.hello, Self.finish] + last, wantsUsage: true)
            #expect(events.first == Self.text("Hé😀"))
            #expect(events.last == .end(.stop))
            #expect(events.count == (last == [Self.usage] ? 3 : 2))
        }
    }

    @Test(arguments: [
        [], [hello], [#"{"choices":[{"index":0,"delta":{},"finish_reason":null}]}"#], [usage],
    ])
    func `without either the answer is truncated`(payloads: [String]) {
        #expect(Self.fault(Self.read(payloads).last)?.kind == .truncated)
    }

    @Test(arguments: [
        (#"{"error":{"message":"m","type":"invalid_request_error"}}"#, "m", false),
        (#"{"error":{"message":"m","type":"rate_limit_error"}}"#, "m", true),
        (#"{"error":{"message":"m","code":"server_error"}}"#, "m", true),
        (#"{"error":{"message":"m","code":503}}"#, "m", true),
        (#"{"error":{"message":"m","status":400,"code":"timeout"}}"#, "m", false),
        (#"{"error":"plain"}"#, "plain", false),
        (#"{"error":{}}"#, "The upstream gave no reason.", false),
    ])
    func `an error object ends the answer, and says whether trying again may help`(
        payload: String,
        message: String,
        retryable: Bool
    ) {
        let events = Self.read([Self.hello, payload, "[DONE]"])
        let fault = ChatFault(kind: .upstreamError, message: message, retryable: retryable)
        #expect(events == [Self.text("Hé😀"), .fault(fault)])
    }

    @Test
    func `an error that is null is none`() {
        #expect(
            Self.read([#"{"error":null,"choices":[{"delta":{"content":"a"}}]}"#, "[DONE]"]) == [
                Self.text("a"), .end(.stop),
            ]
        )
    }

    @Test(arguments: ["{", "[1]", "x", "1", "\"a\""])
    func `what is no JSON object is a fault of the protocol`(payload: String) {
        let events = Self.read([Self.hello, payload, Self.hello])
        #expect(events.count == 2)
        #expect(Self.fault(events.last)?.kind == .upstreamProtocol)
    }

    @Test
    func `an event over the bound ends the answer after what came before it`() {
        var parser = OpenAIChatStreamParser(wantsUsage: false, limit: 100)
        let events = parser.feed(Self.stream([Self.hello, String(repeating: "x", count: 101)]))
        #expect(events.first == Self.text("Hé😀"))
        #expect(Self.fault(events.last)?.kind == .upstreamProtocol)
        #expect(parser.finish().isEmpty)
    }

    @Test(arguments: [
        #"{"choices":[{"index":1,"delta":{"content":"b"},"finish_reason":"stop"}]}"#,
        #"{"choices":[]}"#, #"{"choices":null}"#,
        #"{"choices":[{"delta":{"content":null}}]}"#, #"{"choices":[{"delta":{"content":""}}]}"#,
        #"{}"#,
        #"{"choices":[{"delta":null}]}"#, #"{"choices":[{"delta":{"content":5}}]}"#, #"{"choices":{}}"#,
    ])
    func `what says nothing of the first choice is passed over`(payload: String) {
        #expect(Self.read([payload, "[DONE]"]) == [.end(.stop)])
    }

    @Test
    func `a refusal is told from text, and either name of reasoning is reasoning`() {
        let events = Self.read([
            #"{"choices":[{"delta":{"refusal":"no"}}]}"#, #"{"choices":[{"delta":{"reasoning":"hm"}}]}"#,
            #"{"choices":[{"delta":{"reasoning_content":"so","reasoning":"so"}}]}"#, "[DONE]",
        ])
        let thoughts = ["hm", "so"].map { ChatEvent.reasoning(Array($0.utf8)) }
        #expect(events == [.refusal(Array("no".utf8))] + thoughts + [.end(.stop)])
    }

    private static func stream(_ payloads: [String]) -> [UInt8] {
        Array(payloads.map { ": ping\r\ndata: \($0)\r\n\r\n" }.joined().utf8)
    }

    private static func read(_ payloads: [String], wantsUsage: Bool = false) -> [ChatEvent] {
        var parser = OpenAIChatStreamParser(wantsUsage: wantsUsage)
        return parser.feed(stream(payloads)) + parser.finish()
    }

    private static func text(_ text: String) -> ChatEvent { .text(Array(text.utf8)) }

    private static func fault(_ event: ChatEvent?) -> ChatFault? {
        if case .fault(let fault) = event { fault } else { nil }
    }
}

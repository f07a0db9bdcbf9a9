// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import Upstream

struct ChatExchangeTests {
    private static let limit = 1_000

    @Test(arguments: ExchangeScript.answers + ExchangeScript.faults)
    func `what a transfer brings becomes chat events`(script: ExchangeScript) {
        var exchange = Self.exchange()
        let events = script.parts.flatMap { exchange.received($0, now: 0) }
        #expect(events == script.events)
        #expect(exchange.hasEnded)
        #expect(exchange.deadline == nil)
        #expect(exchange.received(.ended(.complete), now: 0).isEmpty)
        #expect(exchange.clockRanOut(now: .max).isEmpty)
    }

    @Test(
        arguments: ExchangeScript.answers
            + ExchangeScript.faults.filter { !$0.promise.contains("bound") }
    )
    func `bytes that come one by one become the same text and the same end`(script: ExchangeScript) {
        var exchange = Self.exchange()
        var events: [ChatEvent] = []
        for part in script.parts {
            guard case .body(let bytes) = part else {
                events += exchange.received(part, now: 0)
                continue
            }
            for byte in bytes { events += exchange.received(.body([byte]), now: 0) }
        }
        #expect(events == script.events)
    }

    @Test(arguments: [
        (408, true), (409, true), (425, true), (429, true), (500, true), (599, true), (400, false),
        (404, false), (301, false), (204, false),
    ])
    func `a status says whether trying again may help`(status: Int, retryable: Bool) {
        var exchange = Self.exchange()
        #expect(
            exchange.received(.head(status: status, contentType: "text/event-stream"), now: 0).isEmpty
        )
        let events = exchange.received(.ended(.complete), now: 0)
        let message = "The upstream answered with status \(status)."
        #expect(
            events == [
                ExchangeScript.fault(.upstreamStatus, message, retryable: retryable, status: status)
            ]
        )
    }

    @Test
    func `an error answer is read to a bound`() {
        var exchange = Self.exchange()
        _ = exchange.received(.head(status: 500, contentType: "text/plain"), now: 0)
        for _ in 0..<100 { _ = exchange.received(.body(Array(repeating: 0x20, count: 4_096)), now: 0) }
        #expect(exchange.received(.ended(.complete), now: 0).count == 1)
    }

    @Test(arguments: [
        "text/event-stream", "Text/Event-Stream", "text/event-stream;charset=utf-8",
        "text/event-stream ; x",
    ])
    func `an event stream is known by its type alone`(type: String) {
        var exchange = Self.exchange()
        #expect(exchange.received(.head(status: 200, contentType: type), now: 0).isEmpty)
        #expect(!exchange.hasEnded)
    }

    @Test
    func `an upstream's own words do not carry its key`() {
        var exchange = Self.exchange(key: "secret")
        _ = exchange.received(.head(status: 401, contentType: "application/json"), now: 0)
        _ = exchange.received(
            .body(Array(#"{"error":{"message":"no such key: secret"}}"#.utf8)),
            now: 0
        )
        let events = exchange.received(.ended(.complete), now: 0)
        let message = "The upstream answered with status 401: no such key: [masked]"
        #expect(events == [ExchangeScript.fault(.upstreamStatus, message, status: 401)])
    }

    @Test
    func `reasoning, tools and usage come through, mended`() {
        var exchange = Self.exchange(wantsUsage: true)
        _ = exchange.received(ExchangeScript.head, now: 0)
        let events = exchange.received(
            ExchangeScript.body(
                #"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#,
                #"{"choices":[{"delta":{"tool_calls":"#
                    + #"[{"index":1,"id":"i","function":{"name":"f","arguments":"{"}}]}}]}"#,
                ExchangeScript.finish,
                #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#
            ),
            now: 0
        )
        #expect(
            events == [
                .reasoning(Array("hm".utf8)),
                .toolCall(ToolCallDelta(index: 1, id: "i", name: "f", arguments: Array("{".utf8))),
                .usage(Usage(inputTokens: 3, outputTokens: 4)), .end(.stop),
            ]
        )
    }

    @Test
    func
        `an answer that is finished is whole, even where the connection is lost before the counts of tokens`()
    {
        var exchange = Self.exchange(wantsUsage: true)
        _ = exchange.received(ExchangeScript.head, now: 0)
        let events = exchange.received(
            ExchangeScript.body(ExchangeScript.delta("a"), ExchangeScript.finish),
            now: 0
        )
        #expect(events == [ExchangeScript.text("a")])
        #expect(exchange.received(.ended(.reset("x")), now: 0) == [.end(.stop)])
    }

    private static func exchange(key: String? = nil, wantsUsage: Bool = false) -> ChatExchange {
        let endpoint = UpstreamEndpoint(name: "m", url: "http://localhost", key: key)
        return ChatExchange(endpoint: endpoint, wantsUsage: wantsUsage, limit: limit, start: 0)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing

@testable import Upstream

/// Scripts of parts against an exchange whose bytes pass to the client as they are.
struct RelayedExchangeTests {
    private static let frames = [
        ": hello\n\n",
        #"data: {"choices":[{"delta":{"role":"assistant"}}],"new":1}"# + "\r\n\r\n",
        #"data: {"choices":[{"delta":{"content":"Hi"}}]}"# + "\n\n",
        #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\n",
        "data: [DONE]\n\n",
    ]

    private func exchange(_ form: AnswerForm = .frames, key: String? = nil) -> ChatExchange {
        var endpoint = UpstreamEndpoint(name: "a", url: "http://localhost")
        endpoint.key = key
        var exchange = ChatExchange(endpoint: endpoint, as: form, wantsUsage: false, limit: 1 << 16, start: 0)
        let type = form == .body ? "application/json" : "text/event-stream"
        #expect(exchange.received(.head(status: 200, contentType: type), now: 0).isEmpty)
        return exchange
    }

    private func bytes(_ text: String) -> TransferPart { .body(Array(text.utf8)) }

    private func passed(_ exchange: inout ChatExchange) -> String {
        String(decoding: exchange.takePassed(), as: UTF8.self)
    }

    @Test func `a frame passes when it is whole, and its words are told`() {
        var exchange = exchange()
        #expect(exchange.received(bytes(Self.frames[0] + "data: {\"cho"), now: 1).isEmpty)
        #expect(passed(&exchange) == Self.frames[0])
        let rest = String(Self.frames[2].dropFirst(11))
        #expect(exchange.received(bytes(rest), now: 2) == [.text(Array("Hi".utf8))])
        #expect(passed(&exchange) == Self.frames[2])
    }

    @Test func `the end is told when all that follows it has passed`() {
        var exchange = exchange()
        for frame in Self.frames { _ = exchange.received(bytes(frame), now: 1) }
        #expect(!exchange.hasEnded)
        #expect(passed(&exchange) == Self.frames.joined())
        #expect(exchange.received(.ended(.complete), now: 2).last == .end(.stop))
    }

    @Test func `an upstream that does not hang up is not waited for`() throws {
        var exchange = exchange()
        for frame in Self.frames { _ = exchange.received(bytes(frame), now: 1) }
        let deadline = try #require(exchange.deadline)
        #expect(deadline <= 1_000_000_001)
        #expect(exchange.clockRanOut(now: deadline).last == .end(.stop))
    }

    @Test func `however a stream is cut, the same bytes pass in the same order`() {
        var dice = Dice(seed: 8)
        let whole = Array(Self.frames.joined().utf8)
        for _ in 0..<300 {
            var exchange = exchange()
            var out: [UInt8] = []
            var events: [ChatEvent] = []
            var start = 0
            while start < whole.count {
                let end = min(whole.count, start + Int.random(in: 1...60, using: &dice))
                events += exchange.received(.body(Array(whole[start..<end])), now: 1)
                out += exchange.takePassed()
                start = end
            }
            events += exchange.received(.ended(.complete), now: 2)
            out += exchange.takePassed()
            #expect(out == whole)
            #expect(events == [.text(Array("Hi".utf8)), .end(.stop)])
        }
    }

    @Test func `half a frame of an upstream that dies does not pass`() {
        var exchange = exchange()
        _ = exchange.received(bytes(Self.frames[2] + "data: {\"choices\":[{\"del"), now: 1)
        let events = exchange.received(.ended(.reset("gone")), now: 2)
        #expect(passed(&exchange) == Self.frames[2])
        guard case .fault(let fault)? = events.last else {
            Issue.record("no fault")
            return
        }
        #expect(fault.kind == .upstreamReset)
    }

    @Test func `an error passes in the upstream's words, without our key`() {
        var exchange = exchange(key: "secret-of-ours")
        let events = exchange.received(
            bytes("data: {\"error\":{\"message\":\"no secret-of-ours\",\"z\":1}}\n\n"),
            now: 1
        )
        #expect(events.count == 1 && exchange.hasEnded)
        #expect(passed(&exchange) == "data: {\"error\":{\"message\":\"no [masked]\",\"z\":1}}\n\n")
    }

    @Test func `a body passes as it is, once it is whole`() {
        var exchange = exchange(.body)
        let body = #"{"choices":[],"usage":{"prompt_tokens":2,"completion_tokens":3}}"#
        #expect(exchange.received(bytes(String(body.prefix(20))), now: 1).isEmpty)
        #expect(passed(&exchange).isEmpty)
        _ = exchange.received(bytes(String(body.dropFirst(20))), now: 2)
        let events = exchange.received(.ended(.complete), now: 3)
        #expect(events == [.usage(Usage(inputTokens: 2, outputTokens: 3)), .end(.stop)])
        #expect(passed(&exchange) == body && passed(&exchange).isEmpty)
    }

    @Test(arguments: ["\n", ""])
    func `an error passes that is the last of a stream and lacks its end`(end: String) {
        var exchange = exchange(key: "secret-of-ours")
        let error = #"data: {"error":{"message":"no secret-of-ours"}}"#
        let events = exchange.received(bytes(Self.frames[2] + error + end), now: 1)
        #expect(events == [.text(Array("Hi".utf8))])
        #expect(exchange.received(.ended(.complete), now: 2).count == 1 && exchange.hasEnded)
        let masked = #"data: {"error":{"message":"no [masked]"}}"#
        #expect(passed(&exchange) == Self.frames[2] + masked + end + "\n\n")
    }

    @Test func `a stream that goes on and on behind its end ends with its time`() throws {
        var exchange = exchange()
        for frame in Self.frames { _ = exchange.received(bytes(frame), now: 1) }
        let total = Int64(UpstreamEndpoint(name: "a", url: "").clocks.total) * 1_000_000
        _ = exchange.received(bytes(": more\n\n"), now: total - 1)
        #expect(exchange.deadline == total)
        #expect(exchange.clockRanOut(now: total).last == .end(.stop))
    }

    @Test func `a frame of comments without an end does not grow for ever`() {
        var exchange = exchange()
        var events: [ChatEvent] = []
        for _ in 0..<200 where events.isEmpty {
            events = exchange.received(bytes(String(repeating: ": ping\n", count: 200)), now: 1)
        }
        #expect(events.count == 1 && exchange.hasEnded)
    }

    @Test func `a stream of things that nobody here knows passes when there is much of it`() {
        var exchange = exchange()
        #expect(!exchange.hasMuchToPass)
        let frame = #"data: {"choices":[{"delta":{"audio":""# + String(repeating: "A", count: 50_000) + "\"}}]}\n\n"
        for _ in 0..<6 { #expect(exchange.received(bytes(frame), now: 1).isEmpty) }
        #expect(exchange.hasMuchToPass)
    }

    @Test func `a byte order mark does not pass, for something may have left before it`() {
        var exchange = exchange()
        for byte in [0xEF, 0xBB, 0xBF] + Array(Self.frames[2].utf8) { _ = exchange.received(.body([byte]), now: 1) }
        #expect(passed(&exchange) == Self.frames[2])
    }

    @Test func `neither a field of a head nor a body tells our key`() {
        var endpoint = UpstreamEndpoint(name: "a", url: "http://localhost")
        endpoint.key = "secret-of-ours"
        var exchange = ChatExchange(endpoint: endpoint, as: .body, wantsUsage: false, limit: 1 << 16, start: 0)
        let fields = [
            ("content-type", "application/json"), ("x-request-id", "a secret-of-ours"), ("request-id", "b"),
        ]
        let head = TransferHead(status: 200, fields: fields.map { TransferRequest.Field(name: $0.0, value: $0.1) })
        _ = exchange.received(.answered(head), now: 1)
        #expect(exchange.head?.fields.map(\.name) == ["content-type", "request-id"])
        _ = exchange.received(bytes(#"{"key":"secret-of-ours"}"#), now: 1)
        _ = exchange.received(.ended(.complete), now: 2)
        #expect(passed(&exchange) == #"{"key":"[masked]"}"#)
    }

    @Test(arguments: [200, 400])
    func `what comes compressed, though nobody asked for that, does not pass`(status: Int) {
        let endpoint = UpstreamEndpoint(name: "a", url: "http://localhost")
        var exchange = ChatExchange(endpoint: endpoint, as: .body, wantsUsage: false, limit: 1 << 16, start: 0)
        let fields = [("content-type", "application/json"), ("content-encoding", "gzip")]
        let head = TransferHead(status: status, fields: fields.map { TransferRequest.Field(name: $0.0, value: $0.1) })
        _ = exchange.received(.answered(head), now: 1)
        _ = exchange.received(bytes("xyz"), now: 1)
        _ = exchange.received(.ended(.complete), now: 2)
        #expect(exchange.hasEnded && exchange.errorAnswer == nil && passed(&exchange).isEmpty)
    }

    @Test func `an error answer that is too long to be kept whole does not pass`() {
        let endpoint = UpstreamEndpoint(name: "a", url: "http://localhost")
        var exchange = ChatExchange(endpoint: endpoint, as: .frames, wantsUsage: false, limit: 1 << 16, start: 0)
        _ = exchange.received(.head(status: 422, contentType: "application/json"), now: 1)
        _ = exchange.received(.body([UInt8](repeating: 0x20, count: 70 << 10)), now: 1)
        _ = exchange.received(.ended(.complete), now: 2)
        #expect(exchange.hasEnded && exchange.errorAnswer == nil)
    }

    @Test func `an error answer is kept as it came`() {
        var endpoint = UpstreamEndpoint(name: "a", url: "http://localhost")
        endpoint.key = "secret-of-ours"
        var exchange = ChatExchange(endpoint: endpoint, as: .frames, wantsUsage: false, limit: 1 << 16, start: 0)
        _ = exchange.received(.head(status: 422, contentType: "application/json"), now: 1)
        _ = exchange.received(bytes(#"{"error":{"message":"secret-of-ours","hint":[1]}}"#), now: 1)
        _ = exchange.received(.ended(.complete), now: 2)
        #expect(exchange.errorAnswer?.head.status == 422)
        #expect(
            exchange.errorAnswer.map { String(decoding: $0.body, as: UTF8.self) }
                == #"{"error":{"message":"[masked]","hint":[1]}}"#
        )
    }
}

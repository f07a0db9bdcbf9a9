// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import Upstream

struct ExchangeClockTests {
    private static let start: Int64 = 7_000_000
    private var exchange: ChatExchange

    init() {
        var endpoint = UpstreamEndpoint(name: "m", url: "http://localhost")
        endpoint.clocks.firstToken = 100
        endpoint.clocks.idle = 30
        endpoint.clocks.total = 1_000
        exchange = ChatExchange(endpoint: endpoint, wantsUsage: false, limit: 1_000, start: Self.start)
    }

    @Test
    mutating func `no connection in time is a fault of the connect clock`() {
        let events = exchange.received(.ended(.connectTimedOut), now: Self.at(5))
        #expect(events == [Self.timeout(.connect, "The upstream had no connection for 5000 ms.")])
    }

    @Test
    mutating func `the first token's clock counts from the start, whatever else comes`() {
        _ = exchange.received(ExchangeScript.head, now: Self.at(90))
        _ = exchange.received(.body(Array(": still here\n".utf8)), now: Self.at(95))
        #expect(exchange.deadline == Self.at(100))
        #expect(exchange.clockRanOut(now: Self.at(100) - 1).isEmpty)
        #expect(!exchange.hasEnded)
        let events = exchange.clockRanOut(now: Self.at(100))
        #expect(events == [Self.timeout(.firstToken, "The upstream had no token for 100 ms.")])
    }

    @Test
    mutating func `after a token the idle clock counts from the last data`() {
        begin(at: 50)
        #expect(exchange.deadline == Self.at(80))
        _ = exchange.received(.body([0x3A]), now: Self.at(70))
        #expect(exchange.deadline == Self.at(100))
        #expect(
            exchange.clockRanOut(now: Self.at(100)) == [
                Self.timeout(.idle, "The upstream had no data for 30 ms.")
            ]
        )
    }

    @Test
    mutating func `an upstream that is held back is not idle`() {
        begin(at: 50)
        exchange.holdBack(true, now: Self.at(60))
        #expect(exchange.deadline == Self.at(1_000))
        #expect(exchange.clockRanOut(now: Self.at(500)).isEmpty)
        exchange.holdBack(false, now: Self.at(500))
        #expect(exchange.deadline == Self.at(530))
    }

    @Test
    mutating func `to be told twice that it is not held back wins an upstream no time`() {
        begin(at: 50)
        exchange.holdBack(false, now: Self.at(70))
        #expect(exchange.deadline == Self.at(80))
    }

    @Test
    mutating func `the total clock ends an upstream that never stops`() {
        for moment in stride(from: Int64(10), to: 1_000, by: 20) { begin(at: moment) }
        #expect(exchange.deadline == Self.at(1_000))
        let events = exchange.clockRanOut(now: Self.at(1_000))
        #expect(events == [Self.timeout(.total, "The upstream had no end of its answer for 1000 ms.")])
    }

    @Test
    mutating func `the total clock ends one that is held back too`() {
        begin(at: 50)
        exchange.holdBack(true, now: Self.at(60))
        #expect(exchange.clockRanOut(now: Self.at(1_000)).count == 1)
        #expect(exchange.hasEnded)
    }

    private mutating func begin(at milliseconds: Int64) {
        if milliseconds <= 50 { _ = exchange.received(ExchangeScript.head, now: Self.at(milliseconds)) }
        _ = exchange.received(
            ExchangeScript.body(ExchangeScript.delta("a")),
            now: Self.at(milliseconds)
        )
    }

    private static func at(_ milliseconds: Int64) -> Int64 { start + milliseconds * 1_000_000 }

    private static func timeout(_ clock: ChatFault.Clock, _ message: String) -> ChatEvent {
        .fault(ChatFault(kind: .upstreamTimeout, message: message, retryable: true, clock: clock))
    }
}

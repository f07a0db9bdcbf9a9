// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import Upstream

/// Scripts of events against a call with two upstreams: `a`, and `b` where `a` has failed.
struct RoutedCallTests {
    private static let text = ExchangeScript.body(#"{"choices":[{"delta":{"content":"Hi"}}]}"#)
    private static let end = ExchangeScript.body(#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, "[DONE]")
    private var policy = CallPolicy()
    private let board = TargetBoard()

    init() {
        policy.retries.attempts = 3
    }

    private func call(
        _ names: [String] = ["a", "b"],
        change: (inout UpstreamEndpoint) -> Void = { _ in }
    ) -> RoutedCall {
        let targets = names.enumerated().map { index, name in
            guard name != "mock" else { return CallTarget(endpoint: nil, model: "echo", priority: index) }
            var endpoint = UpstreamEndpoint(name: name, url: "http://localhost")
            change(&endpoint)
            return CallTarget(endpoint: endpoint, model: "m", priority: index)
        }
        let plan = CallPlan(targets: targets, policy: policy)
        return RoutedCall(plan, board: board, wantsUsage: false, limit: 1 << 20, seed: 7)
    }

    private static func kinds(_ actions: [RoutedCall.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .ask(let attempt, let target): "ask \(attempt) of \(target)"
            case .release(let attempt): "release \(attempt)"
            case .say(let events):
                "say "
                    + events.map { event in
                        switch event {
                        case .text(let bytes): String(decoding: bytes, as: UTF8.self)
                        case .end: "."
                        case .fault(let fault): fault.kind.rawValue
                        default: "?"
                        }
                    }.joined(separator: " ")
            case .playMock(let target): "mock \(target)"
            case .choose(let target, _): "choose \(target)"
            case .resume(let target): "resume \(target)"
            case .relay(let bytes): "relay \(String(decoding: bytes, as: UTF8.self))"
            case .refuse(let answer): "refuse \(answer.head.status)"
            case .retried(let fault, let target, let delay):
                "\(fault.kind.rawValue) of \(target), \(delay > 0 ? "later" : "now")"
            }
        }
    }

    @Test
    func `an answer comes from the first target and frees its place at the end`() {
        var call = call()
        #expect(Self.kinds(call.begin(now: 0)) == ["ask 0 of 0"])
        call.entered(0, now: 0)
        #expect(call.received(ExchangeScript.head, of: 0, now: 1).isEmpty)
        #expect(Self.kinds(call.received(Self.text, of: 0, now: 2)) == ["choose 0", "say Hi"])
        #expect(Self.kinds(call.received(Self.end, of: 0, now: 3)) == ["say .", "release 0"])
        #expect(call.hasEnded && call.deadline == nil)
        #expect(board.reports(now: 4).first?.inFlight == 0)
    }

    @Test
    func `a target that cannot be reached is followed by the next one at once`() {
        var call = call()
        _ = call.begin(now: 0)
        call.entered(0, now: 0)
        let actions = call.received(.ended(.refused("no")), of: 0, now: 1)
        #expect(Self.kinds(actions) == ["release 0", "upstream_refused of 0, now", "ask 1 of 1"])
        call.entered(1, now: 2)
        _ = call.received(ExchangeScript.head, of: 1, now: 3)
        #expect(Self.kinds(call.received(Self.text, of: 1, now: 4)) == ["choose 1", "say Hi"])
    }

    @Test
    func `the same target is asked again after a back-off, and no more often than allowed`() throws {
        var call = call(["a"])
        _ = call.begin(now: 0)
        var asked = 1
        var now: Int64 = 0
        while !call.hasEnded {
            call.entered(asked - 1, now: now)
            let actions = call.received(.ended(.refused("no")), of: asked - 1, now: now)
            guard !call.hasEnded else {
                #expect(Self.kinds(actions).last == "say upstream_refused")
                break
            }
            now = try #require(call.deadline)
            asked += call.clockRanOut(now: now).count { if case .ask = $0 { true } else { false } }
        }
        #expect(asked == 3)
    }

    @Test
    func `an error of the request's own is told at once`() {
        var call = call()
        _ = call.begin(now: 0)
        call.entered(0, now: 0)
        _ = call.received(.head(status: 400, contentType: "application/json"), of: 0, now: 1)
        let actions = call.received(.ended(.complete), of: 0, now: 2)
        #expect(Self.kinds(actions) == ["release 0", "say upstream_status"])
    }

    @Test
    func `after the first token there is no other try`() {
        var call = call()
        _ = call.begin(now: 0)
        call.entered(0, now: 0)
        _ = call.received(ExchangeScript.head, of: 0, now: 1)
        _ = call.received(Self.text, of: 0, now: 2)
        let actions = call.received(.ended(.reset("gone")), of: 0, now: 3)
        #expect(Self.kinds(actions) == ["say upstream_reset", "release 0"])
    }

    @Test
    func `no place at a target is no failure of it, and the next one is asked`() {
        var call = call()
        _ = call.begin(now: 0)
        #expect(Self.kinds(call.refused(0, now: 0)) == ["release 0", "overloaded of 0, now", "ask 1 of 1"])
        #expect(board.reports(now: 1).first { $0.endpoint == "a" }?.failures == 0)
    }

    @Test
    func `who waits too long for a place goes on to the next target`() throws {
        var call = call { $0.concurrency.queueMilliseconds = 10 }
        _ = call.begin(now: 0)
        #expect(call.deadline == 10_000_000)
        #expect(Self.kinds(call.clockRanOut(now: 10_000_000)).last == "ask 1 of 1")
    }

    @Test
    func `the mock answers where it is the next target`() {
        var call = call(["a", "mock"])
        _ = call.begin(now: 0)
        call.entered(0, now: 0)
        #expect(Self.kinds(call.received(.ended(.refused("no")), of: 0, now: 1)).last == "mock 1")
        #expect(call.hasEnded)
    }

    @Test
    mutating func `of two that are asked, the first to say a token answers, and the other is let go`() {
        policy.hedge = HedgeSettings()
        var call = call()
        _ = call.begin(now: 0)
        call.entered(0, now: 0)
        #expect(call.deadline == 1_000_000_000)
        #expect(Self.kinds(call.clockRanOut(now: 1_000_000_000)) == ["ask 1 of 1"])
        call.entered(1, now: 1_000_000_000)
        _ = call.received(ExchangeScript.head, of: 1, now: 1_000_000_001)
        #expect(Self.kinds(call.received(Self.text, of: 1, now: 1_000_000_002)) == ["release 0", "choose 1", "say Hi"])
        #expect(call.received(Self.text, of: 0, now: 1_000_000_003).isEmpty)
    }

    @Test
    func `who is not wanted any more lets go of everything`() {
        var call = call()
        _ = call.begin(now: 0)
        call.entered(0, now: 0)
        #expect(Self.kinds(call.abandon(now: 1)) == ["release 0"])
        #expect(call.hasEnded && board.reports(now: 2).allSatisfy { $0.inFlight == 0 })
    }

    @Test
    func `a target that keeps failing is left alone, and nobody else being there is told`() {
        for _ in 0..<5 {
            var call = call(["a"]) { $0.breaker = BreakerSettings() }
            _ = call.begin(now: 0)
            call.entered(0, now: 0)
            _ = call.received(.ended(.refused("no")), of: 0, now: 1)
            _ = call.abandon(now: 2)
        }
        var call = call(["a"])
        #expect(Self.kinds(call.begin(now: 3)) == ["say overloaded"])
    }
}

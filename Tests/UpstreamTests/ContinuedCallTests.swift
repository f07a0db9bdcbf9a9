// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import Upstream

/// Scripts of events against a call whose upstreams die in the middle of their text.
struct ContinuedCallTests {
    private static let text = ExchangeScript.body(#"{"choices":[{"delta":{"content":"Hi"}}]}"#)
    private static let thought = ExchangeScript.body(#"{"choices":[{"delta":{"reasoning_content":"Hm"}}]}"#)
    private static let tool = ExchangeScript.body(
        #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{"}}]}}]}"#
    )
    private static let end = ExchangeScript.body(#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, "[DONE]")
    private static let lost = TransferPart.ended(.reset("gone"))

    private func call(_ names: [String] = ["a", "b"], continues: Bool = true) -> RoutedCall {
        var policy = CallPolicy()
        policy.continuesElsewhere = continues
        let targets = names.enumerated().map { index, name in
            let endpoint = name == "mock" ? nil : UpstreamEndpoint(name: name, url: "http://localhost")
            return CallTarget(endpoint: endpoint, model: "m", priority: index)
        }
        return RoutedCall(
            CallPlan(targets: targets, policy: policy),
            board: TargetBoard(),
            wantsUsage: false,
            limit: 1 << 20,
            seed: 7
        )
    }

    /// The first target has said `parts`, and is lost.
    private func loss(of call: inout RoutedCall, after parts: [TransferPart]) -> [RoutedCall.Action] {
        _ = call.begin(now: 0)
        call.entered(0, now: 0)
        _ = call.received(ExchangeScript.head, of: 0, now: 1)
        for part in parts { _ = call.received(part, of: 0, now: 2) }
        return call.received(Self.lost, of: 0, now: 3)
    }

    private func isFault(_ action: RoutedCall.Action?) -> Bool {
        guard case .say(let events)? = action, case .fault? = events.last else { return false }
        return true
    }

    @Test func `the next target goes on, and says so before its first word`() {
        var call = call()
        let actions = loss(of: &call, after: [Self.text])
        #expect(actions.contains(.ask(attempt: 1, target: 1)) && !call.hasEnded)
        call.entered(1, now: 4)
        _ = call.received(ExchangeScript.head, of: 1, now: 5)
        let next = call.received(Self.text, of: 1, now: 6)
        #expect(next.contains(.resume(target: 1)))
        #expect(next.last == .say([.text(Array("Hi".utf8))]))
        #expect(call.received(Self.end, of: 1, now: 7).contains(.say([.end(.stop)])))
    }

    @Test func `what it thinks before it goes on is not told`() {
        var call = call()
        _ = loss(of: &call, after: [Self.text])
        call.entered(1, now: 4)
        _ = call.received(ExchangeScript.head, of: 1, now: 5)
        #expect(call.received(Self.thought, of: 1, now: 6).isEmpty)
    }

    @Test func `an answer that has called a tool ends there`() {
        var call = call()
        let actions = loss(of: &call, after: [Self.tool])
        #expect(isFault(actions.first) && call.hasEnded)
    }

    @Test func `without the policy an answer ends where it broke`() {
        var call = call(continues: false)
        #expect(isFault(loss(of: &call, after: [Self.text]).first) && call.hasEnded)
    }

    @Test func `the mock does not go on behind a model's text`() {
        var call = call(["a", "mock"])
        let actions = loss(of: &call, after: [Self.text])
        #expect(!actions.contains { if case .playMock = $0 { true } else { false } })
        // The same target is asked again, after its back-off.
        #expect(!call.hasEnded && call.deadline != nil)
    }

    @Test func `nobody is asked to go on where nobody waits for the answer`() {
        var call = call()
        _ = call.begin(now: 0)
        call.entered(0, now: 0)
        _ = call.received(ExchangeScript.head, of: 0, now: 1)
        _ = call.received(Self.text, of: 0, now: 2)
        let isAsking = call.stopTrying()
        #expect(isAsking && isFault(call.received(Self.lost, of: 0, now: 3).first) && call.hasEnded)
    }

    @Test func `nobody is asked for the first time where nobody waits for the answer`() {
        var call = call()
        // It waits for its place.
        _ = call.begin(now: 0)
        let isAsking = call.stopTrying()
        #expect(!isAsking)
    }
}

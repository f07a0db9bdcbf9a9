// SPDX-License-Identifier: Apache-2.0

import Metrics
import TestSupport
import Testing

struct LoopMetricsTests {
    @Test func `what several loops counted, merged, is what one would have counted`() {
        var dice = Dice(seed: 4)
        var loops = [LoopMetrics](repeating: LoopMetrics(), count: 3)
        var one = LoopMetrics()
        for _ in 0..<3_000 {
            let step = Int.random(in: 0..<18, using: &dice)
            let amount = Int64.random(in: 0..<1 << 30, using: &dice)
            happen(step, amount, to: &loops[Int.random(in: 0..<3, using: &dice)])
            happen(step, amount, to: &one)
        }
        var merged = LoopMetrics()
        for loop in loops { merged.merge(loop) }
        #expect(merged == one)
        #expect(merged != LoopMetrics())
    }

    @Test func `a stream that opens on one loop and ends on another is open nowhere`() {
        var (first, second) = (LoopMetrics(), LoopMetrics())
        first.streamOpened(format: "gemini")
        second.streamEnded(format: "gemini", .whole)
        first.merge(second)
        #expect(first.streamsOpen.total == 0)
        #expect(first.streamsEnded[StreamKind(format: "gemini", outcome: .whole)] == 1)
    }

    @Test func `the first frame of a stream has a lag and no gap`() {
        var metrics = LoopMetrics()
        metrics.frameSent(lag: 1_000, gap: nil)
        metrics.frameSent(lag: 1_000, gap: 20_000_000)
        #expect((metrics.textFrames, metrics.lag.count, metrics.gap.count) == (2, 2, 1))
    }

    /// One call of each kind, by number.
    private func happen(_ step: Int, _ amount: Int64, to metrics: inout LoopMetrics) {
        switch step {
        case 0: metrics.connections(open: metrics.connectionsOpen + 1)
        case 1: metrics.connections(open: metrics.connectionsOpen - 1)
        case 2: metrics.responded(status: 200 + Int(amount & 3))
        case 3: metrics.streamOpened(format: "openai_chat")
        case 4: metrics.streamEnded(format: "openai_chat", amount & 1 == 0 ? .whole : .failed)
        case 5: metrics.used(tokensIn: Int(amount), tokensOut: 3)
        case 6: metrics.frameSent(lag: amount, gap: amount * 2)
        case 7: metrics.heartbeatSent()
        case 8: metrics.otherFrameSent()
        case 9: metrics.wrote(bytes: Int(amount))
        case 10: metrics.firstTokenSent(after: amount)
        case 11: metrics.slowDisconnected()
        case 12: metrics.resumed(amount & 1 == 0 ? .resumed : .gone, replayed: Int(amount))
        case 13: metrics.gapTold()
        case 14: metrics.upstreamCallEnded("a\(amount & 1)", amount & 2 == 0 ? .whole : .timeout, after: amount)
        case 15: metrics.retried("a")
        case 16: metrics.handshakeFailed()
        default:
            metrics.hedged("b")
            metrics.failedOver(from: "a")
        }
    }
}

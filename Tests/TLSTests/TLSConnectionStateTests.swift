// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import TLS

struct TLSConnectionStateTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let now = TLSConnectionStateTests.start

    private func active() -> TLSConnectionState {
        var state = TLSConnectionState(limits: TLSLimits())
        #expect(state.connected(now: now, speaksFirst: true) == .shakeHands)
        state.handshakeEnded()
        return state
    }

    @Test func `the time at the gate is part of the handshake's`() {
        var state = TLSConnectionState(limits: TLSLimits())
        #expect(state.connected(now: now, speaksFirst: false) == .none)
        #expect(state.admitted() == .none, "who has nothing to do is not at the gate")
        #expect(state.handshakeArrived(asksGate: true) == .askGate)
        #expect(!state.isHandshaking && state.isBeforeSession)
        #expect(state.handshakeArrived(asksGate: true) == .none)
        #expect(state.admitted() == .shakeHands)
        #expect(state.handshakeArrived(asksGate: true) == .askGate, "each step asks")
        #expect(state.deadline == now + .seconds(10))
        #expect(state.deadlinePassed(now: now + .seconds(9)) == .none)
        let problem = TLSProblem("the handshake was not done within 10000 ms")
        #expect(state.deadlinePassed(now: now + .seconds(10)) == .giveUp(problem))
        #expect(state.isClosed)
    }

    @Test func `an active connection has no deadline`() {
        let state = active()
        #expect(state.deadline == nil)
        #expect(state.canEncrypt && state.canDecrypt)
    }

    @Test func `a close in the handshake is at once`() {
        var state = TLSConnectionState(limits: TLSLimits())
        _ = state.connected(now: now, speaksFirst: true)
        #expect(state.closeAsked(now: now) == .close)
        #expect(state.isClosed)
    }

    @Test func `a close waits for the last byte, within its time`() {
        var state = active()
        #expect(state.closeAsked(now: now) == .sayGoodbye)
        #expect(state.deadline == now + .seconds(1))
        #expect(!state.canEncrypt)
        var late = state
        #expect(state.flushed() == .close)
        #expect(late.deadlinePassed(now: now + .seconds(1)) == .close)
    }

    @Test func `the peer's end is told once, and leaves us our direction`() {
        var state = active()
        #expect(state.inputClosed(now: now) == .tellInputClosed)
        #expect(state.inputClosed(now: now) == .none)
        #expect(state.canEncrypt && !state.canDecrypt)
        #expect(state.outputCloseAsked(now: now) == .sayGoodbye)
        #expect(state.flushed() == .close)
    }

    @Test func `our end leaves the peer its direction`() {
        var state = active()
        #expect(state.outputCloseAsked(now: now) == .sayGoodbye)
        #expect(!state.canEncrypt && state.canDecrypt)
        #expect(state.flushed() == .closeOutput)
        #expect(state.flushed() == .none)
        #expect(state.deadline == nil)
        #expect(state.inputClosed(now: now) == .tellInputClosed)
        #expect(state.flushed() == .close)
    }

    @Test func `a close after our end says goodbye no second time`() {
        var state = active()
        _ = state.outputCloseAsked(now: now)
        var pending = state
        #expect(pending.closeAsked(now: now) == .none)
        #expect(pending.flushed() == .close)
        _ = state.flushed()
        #expect(state.closeAsked(now: now) == .close)
    }

    @Test func `a peer is left the time to read of a failure`() {
        var state = active()
        #expect(state.failed(now: now, hasLastWords: true) == .none)
        #expect(state.isLingering)
        #expect(state.closeAsked(now: now) == .none)
        #expect(state.flushed() == .closeOutput)
        #expect(state.flushed() == .none)
        var impatient = state
        #expect(state.inputClosed(now: now) == .close)
        #expect(impatient.deadlinePassed(now: now + .seconds(1)) == .close)
    }

    @Test func `a failure without a word closes`() {
        var state = active()
        #expect(state.failed(now: now, hasLastWords: false) == .close)
        #expect(state.failed(now: now, hasLastWords: true) == .none)
    }

    @Test func `after the end nothing happens`() {
        var state = active()
        state.disconnected()
        #expect(state.connected(now: now, speaksFirst: true) == .none)
        #expect(state.handshakeArrived(asksGate: true) == .none)
        #expect(state.admitted() == .none)
        #expect(state.inputClosed(now: now) == .none)
        #expect(state.outputCloseAsked(now: now) == .none)
        #expect(state.closeAsked(now: now) == .none)
        #expect(state.flushed() == .none)
        #expect(state.cut() == .none)
        #expect(state.deadlinePassed(now: now + .hours(1)) == .none)
    }
}

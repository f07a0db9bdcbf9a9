// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TestSupport
import Testing

@testable import HTTPServer

struct HTTP2ConnectionStateTests {
    private static let start = NIODeadline.uptimeNanoseconds(1)
    private let limits = HTTPLimits()

    private func serving() -> HTTP2ConnectionState {
        var state = HTTP2ConnectionState(limits: limits, now: Self.start)
        state.frameArrived(now: Self.start)
        return state
    }

    @Test func `who says nothing is closed without a word`() {
        var state = HTTP2ConnectionState(limits: limits, now: Self.start)
        #expect(state.deadline == Self.start + limits.headTime)
        #expect(state.deadlinePassed(pending: 0, now: Self.start + limits.headTime) == .close)
    }

    @Test func `a connection that rests is told so, and closed`() {
        var state = serving()
        #expect(state.deadlinePassed(pending: 0, now: Self.start + limits.headTime) == .none)
        let end = Self.start + limits.idleTime
        #expect(state.deadlinePassed(pending: 0, now: end) == .end)
        #expect(!state.takesFrames)
        #expect(state.deadlinePassed(pending: 0, now: end + limits.lingerTime) == .close)
        #expect(state.deadlinePassed(pending: 0, now: end + limits.idleTime) == .none)
    }

    @Test func `who still reads the last answers is let to their end, and who stops is not`() {
        var state = serving()
        var end = Self.start + limits.idleTime
        #expect(state.deadlinePassed(pending: 60_000, now: end) == .end)
        for pending in [60_000, 30_000] {
            end = end + limits.lingerTime
            #expect(state.deadlinePassed(pending: pending, now: end) == .none)
        }
        #expect(state.deadlinePassed(pending: 30_000, now: end + limits.lingerTime) == .close)
    }

    @Test func `a connection with a stream does not rest, and does again after its last`() {
        var state = serving()
        state.streamOpened(1)
        state.streamOpened(3)
        #expect(state.deadline == nil)
        state.streamClosed(now: Self.start)
        #expect(state.deadline == nil)
        state.streamClosed(now: Self.start)
        #expect(state.deadline == Self.start + limits.idleTime)
        #expect(state.lastStream == 3)
    }

    @Test func `a stream beyond the limit is not taken, and is when one has ended`() {
        var state = serving()
        for index in 0..<limits.http2.streams { state.streamOpened(2 * index + 1) }
        #expect(!state.takesStream)
        state.streamClosed(now: Self.start)
        #expect(state.takesStream)
    }

    @Test func `a block of fields has its time, whatever else is in flight`() {
        var state = serving()
        state.streamOpened(1)
        state.bytesArrived(isInside: true, now: Self.start)
        state.bytesArrived(isInside: true, now: Self.start + .seconds(5))
        #expect(state.deadline == Self.start + limits.headTime)
        state.bytesArrived(isInside: false, now: Self.start + .seconds(6))
        #expect(state.deadline == nil)
        state.bytesArrived(isInside: true, now: Self.start)
        #expect(state.deadlinePassed(pending: 0, now: Self.start + limits.headTime) == .fail(.tooSlow))
    }

    @Test func `a drain ends at once what rests, and else after the last stream`() {
        var state = serving()
        #expect(state.drain(now: Self.start) == .end)
        state = serving()
        state.streamOpened(1)
        #expect(state.drain(now: Self.start) == .announceEnd)
        #expect(state.drain(now: Self.start) == .none)
        #expect(!state.takesStream)
        #expect(state.takesFrames)
        #expect(state.settled(now: Self.start) == .none)
        state.streamClosed(now: Self.start)
        #expect(state.settled(now: Self.start) == .end)
        #expect(state.settled(now: Self.start) == .none)
    }

    @Test func `a mistake is told once, and the connection lingers`() {
        var state = serving()
        #expect(state.failed(.flood, now: Self.start) == .fail(.flood))
        #expect(state.failed(.told, now: Self.start) == .none)
        #expect(state.drain(now: Self.start) == .none)
        #expect(state.inputClosed() == .close)
        #expect(state.inputClosed() == .none)
    }

    @Test(arguments: 0..<50)
    func `no order of events leaves a connection open for ever`(seed: UInt64) {
        var dice = Dice(seed: seed)
        var state = HTTP2ConnectionState(limits: limits, now: Self.start)
        var (now, open, isClosed) = (Self.start, 0, false)
        for step in 0..<200 {
            var action = HTTP2ConnectionState.Action.none
            switch Int.random(in: 0...7, using: &dice) {
            case 0: state.frameArrived(now: now)
            case 1: state.bytesArrived(isInside: .random(using: &dice), now: now)
            case 2 where state.takesStream:
                state.streamOpened(step)
                open += 1
            case 3 where open > 0:
                state.streamClosed(now: now)
                open -= 1
            case 4 where step > 100: action = state.drain(now: now)
            case 5: action = state.settled(now: now)
            case 6 where step > 150: action = state.failed(.flood, now: now)
            default:
                now = now + .seconds(Int64.random(in: 0...20, using: &dice))
                action = state.deadlinePassed(pending: 0, now: now)
            }
            if action == .close { isClosed = true }
        }
        for _ in 0..<open { state.streamClosed(now: now) }
        for _ in 0..<4 {
            now = now + .minutes(10)
            if state.deadlinePassed(pending: 0, now: now) == .close { isClosed = true }
        }
        #expect(isClosed)
        #expect(state.deadline == nil || !state.takesFrames)
    }
}

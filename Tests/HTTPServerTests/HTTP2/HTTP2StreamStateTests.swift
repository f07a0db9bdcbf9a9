// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import HTTPServer

struct HTTP2StreamStateTests {
    private typealias Head = HTTP2StreamState.Head

    private static let start = NIODeadline.uptimeNanoseconds(1)

    private var limits: HTTPLimits {
        var limits = HTTPLimits()
        limits.body = 1_000
        return limits
    }

    @Test func `a request without a body is handed on with its head`() {
        var state = HTTP2StreamState(limits: limits)
        #expect(state.headArrived(Head(), now: Self.start) == .dispatch)
        #expect(state.deadline == nil)
        #expect(!state.hadBody)
    }

    @Test func `a request with a body is handed on at its end`() {
        var state = HTTP2StreamState(limits: limits)
        #expect(state.headArrived(Head(isLast: false), now: Self.start) == .none)
        #expect(state.bodyArrived(count: 600, isLast: false) == .none)
        #expect(state.unfinishedBytes == 600)
        #expect(state.bodyArrived(count: 400, isLast: true) == .dispatch)
        #expect(state.unfinishedBytes == 0)
        #expect(state.hadBody)
    }

    @Test func `a body beyond the limit is refused once`() {
        var state = HTTP2StreamState(limits: limits)
        #expect(state.headArrived(Head(isLast: false), now: Self.start) == .none)
        #expect(state.bodyArrived(count: 1_001, isLast: false) == .refuse(.bodyTooLarge(limit: 1_000)))
        #expect(state.bodyArrived(count: 1_001, isLast: false) == .none)
        state.answerEnded(pending: 0, now: Self.start)
        #expect(state.takesBody)
        #expect(state.deadlinePassed(pending: 0, now: Self.start + limits.lingerTime) == .cut)
    }

    @Test func `a length beyond the limit is refused before a byte of it`() {
        var state = HTTP2StreamState(limits: limits)
        let head = Head(contentLength: 1_001, isLast: false)
        #expect(state.headArrived(head, now: Self.start) == .refuse(.bodyTooLarge(limit: 1_000)))
    }

    @Test func `who expects 100 gets it where a body follows, and another expectation is not met`() {
        var state = HTTP2StreamState(limits: limits)
        #expect(state.headArrived(Head(expectation: "100-Continue", isLast: false), now: Self.start) == .sendContinue)
        state = HTTP2StreamState(limits: limits)
        #expect(state.headArrived(Head(expectation: "100-continue"), now: Self.start) == .dispatch)
        state = HTTP2StreamState(limits: limits)
        #expect(state.headArrived(Head(expectation: "tea"), now: Self.start) == .refuse(.expectationFailed))
    }

    @Test func `a body that does not come to its end in time is refused`() {
        var state = HTTP2StreamState(limits: limits)
        #expect(state.headArrived(Head(isLast: false), now: Self.start) == .none)
        #expect(state.deadline == Self.start + limits.bodyTime)
        #expect(state.deadlinePassed(pending: 0, now: Self.start) == .none)
        #expect(state.deadlinePassed(pending: 0, now: Self.start + limits.bodyTime) == .refuse(.timeout))
        #expect(state.deadline == nil)
    }

    @Test func `an answer that is whole is waited for while its client takes some of it`() {
        var state = HTTP2StreamState(limits: limits)
        #expect(state.headArrived(Head(), now: Self.start) == .dispatch)
        state.answerEnded(pending: 500, now: Self.start)
        var now = Self.start + limits.deadPeerTime
        #expect(state.deadlinePassed(pending: 400, now: now) == .none)
        now = now + limits.deadPeerTime - .nanoseconds(1)
        #expect(state.deadlinePassed(pending: 400, now: now) == .none)
        now = now + limits.deadPeerTime
        #expect(state.deadlinePassed(pending: 400, now: now) == .cut)
    }
}

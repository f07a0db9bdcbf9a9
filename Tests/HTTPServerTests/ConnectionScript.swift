// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import HTTPServer

/// What happens to a connection, and what it has to do about it.
struct ConnectionScript: Sendable, CustomTestStringConvertible {
    typealias Head = HTTP1ConnectionState.Head
    typealias Action = HTTP1ConnectionState.Action

    enum Event: Sendable {
        case bytes
        case head(Head)
        case body(Int)
        case requestEnd
        /// Head and end of a GET.
        case get
        case answerEnd
        /// The end of an answer that the system has not taken yet.
        case answerEndHeld
        case drained
        case garbage
        case inputClosed
        /// The clock moves on by so many seconds, and the deadline, if it lies there, passes.
        case wait(Int64)
        case drain
    }

    struct Step: Sendable {
        let event: Event
        let action: Action

        init(_ event: Event, _ action: Action = .none) {
            self.event = event
            self.action = action
        }
    }

    let promise: String
    let steps: [Step]
    let wantsRead: Bool?
    let closesAfterAnswer: Bool?

    init(_ promise: String, _ steps: [Step], wantsRead: Bool? = nil, closesAfterAnswer: Bool? = nil) {
        self.promise = promise
        self.steps = steps
        self.wantsRead = wantsRead
        self.closesAfterAnswer = closesAfterAnswer
    }

    var testDescription: String { promise }

    static let garbage = HTTPProblem.malformed("garbage")
    static let limits: HTTPLimits = {
        var limits = HTTPLimits()
        limits.target = 100
        limits.body = 1_000
        return limits
    }()

    /// A POST with a body of `length` bytes, or a chunked one.
    static func post(_ length: Int?, expectation: String? = nil) -> Event {
        .head(
            Head(contentLength: length, isChunked: length == nil, expectation: expectation)
        )
    }

    /// Plays the script, and gives the state that it leaves.
    @discardableResult
    func play() -> HTTP1ConnectionState {
        var now = NIODeadline.uptimeNanoseconds(1_000)
        var state = HTTP1ConnectionState(limits: Self.limits, now: now)
        for (index, step) in steps.enumerated() {
            var action = Action.none
            switch step.event {
            case .bytes: state.bytesArrived(now: now)
            case .head(let head): action = state.headArrived(head, now: now)
            case .body(let count): action = state.bodyArrived(count: count, now: now)
            case .requestEnd: action = state.requestEnded()
            case .get:
                _ = state.headArrived(Head(), now: now)
                action = state.requestEnded()
            case .answerEnd: action = state.answerEnded(now: now)
            case .answerEndHeld: action = state.answerEnded(hasLeft: false, now: now)
            case .drained: action = state.drained(now: now)
            case .garbage: action = state.parsingFailed(Self.garbage, now: now)
            case .inputClosed: action = state.inputClosed(now: now)
            case .wait(let seconds):
                now = now + .seconds(seconds)
                action = state.deadlinePassed(now: now)
            case .drain: action = state.drain()
            }
            #expect(action == step.action, "\(promise): step \(index), \(step.event)")
        }
        return state
    }
}

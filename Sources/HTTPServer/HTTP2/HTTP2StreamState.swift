// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// The life of one stream's request, and of what is left of its answer.
///
/// Events in, actions out; time is a parameter.
struct HTTP2StreamState {
    /// What is known of a request when its head is whole.
    struct Head: Equatable {
        var contentLength: Int?
        var expectation: String?
        /// The head was found wanting.
        var problem: HTTPProblem?
        /// No body follows.
        var isLast = true
    }

    enum Action: Equatable {
        case none
        /// Tell the client to send the body (RFC 9110, section 15.2.1).
        case sendContinue
        /// Answer with the problem; what still comes is thrown away.
        case refuse(HTTPProblem)
        /// Hand the request to the responder.
        case dispatch
        /// End the stream, though its answer is whole: its client takes nothing of that, or goes on sending.
        case cut
    }

    private enum Phase: Equatable {
        case receiving(bytes: Int)
        /// Handed to the responder, or refused.
        case answering
        /// The answer has been handed over to its end, and that of the request is still awaited for a while: cut at
        /// once, many a client would not look at the answer.
        case lingering
        /// The answer has been handed over to its end, and has not left.
        case leaving(LeftoverWatch)
    }

    private let limits: HTTPLimits
    private var phase = Phase.receiving(bytes: 0)
    /// The head told of a body, or one came (RFC 9113, section 8.1).
    private(set) var hadBody = false
    /// The client has ended the stream on its side.
    private(set) var hasPeerEnded = false
    /// When ``deadlinePassed(pending:now:)`` is to be called; nil while nothing is waited for.
    private(set) var deadline: NIODeadline?

    init(limits: HTTPLimits) {
        self.limits = limits
    }

    /// Bytes of a request that is not whole.
    var unfinishedBytes: Int {
        if case .receiving(let bytes) = phase { bytes } else { 0 }
    }

    var isReceiving: Bool {
        if case .receiving = phase { true } else { false }
    }

    /// Whether more of the body is wanted, be it to be thrown away.
    var takesBody: Bool { isReceiving || phase == .lingering }

    mutating func headArrived(_ head: Head, now: NIODeadline) -> Action {
        hasPeerEnded = head.isLast
        hadBody = !head.isLast || head.contentLength != nil
        if let problem = head.problem { return refuse(problem) }
        if let length = head.contentLength, length > limits.body { return refuse(.bodyTooLarge(limit: limits.body)) }
        if let expectation = head.expectation, expectation.lowercased() != "100-continue" {
            return refuse(.expectationFailed)
        }
        guard !head.isLast else { return dispatch() }
        deadline = now + limits.bodyTime
        return head.expectation == nil ? .none : .sendContinue
    }

    mutating func bodyArrived(count: Int, isLast: Bool) -> Action {
        if isLast { hasPeerEnded = true }
        guard case .receiving(let bytes) = phase else { return .none }
        guard bytes + count <= limits.body else { return refuse(.bodyTooLarge(limit: limits.body)) }
        phase = .receiving(bytes: bytes + count)
        return isLast ? dispatch() : .none
    }

    /// The answer has been handed over to its end.
    mutating func answerEnded(pending: Int, now: NIODeadline) {
        guard hasPeerEnded else {
            phase = .lingering
            deadline = now + limits.lingerTime
            return
        }
        let watch = LeftoverWatch(limit: limits.deadPeerTime, delivered: -pending, now: now)
        phase = .leaving(watch)
        deadline = watch.nextLook(after: now)
    }

    /// - Parameter pending: Bytes of the answer that have not left.
    mutating func deadlinePassed(pending: Int, now: NIODeadline) -> Action {
        guard let deadline, deadline <= now else { return .none }
        switch phase {
        case .receiving: return refuse(.timeout)
        case .answering: self.deadline = nil
        case .lingering: return .cut
        case .leaving(var watch):
            if watch.hasStopped(delivered: -pending, now: now) { return .cut }
            phase = .leaving(watch)
            self.deadline = watch.nextLook(after: now)
        }
        return .none
    }

    private mutating func dispatch() -> Action {
        phase = .answering
        deadline = nil
        return .dispatch
    }

    private mutating func refuse(_ problem: HTTPProblem) -> Action {
        phase = .answering
        deadline = nil
        return .refuse(problem)
    }
}

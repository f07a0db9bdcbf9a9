// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// The life of a connection of HTTP/2 as a whole: when it rests, when it ends and how (RFC 9113, sections 5.4 and 6.8).
///
/// Events in, actions out; time is a parameter.
struct HTTP2ConnectionState {
    enum Action: Equatable {
        case none
        /// Tell the client to open no further stream; those that run may end.
        case announceEnd
        /// Tell it once more, and close when that has left.
        case end
        /// Tell the client what it did wrong, take nothing more, and linger.
        case fail(HTTP2Failure)
        /// Close the connection now.
        case close
    }

    private enum Phase: Equatable {
        /// Nothing has come from the client yet.
        case opening
        case serving
        /// The client knows that this connection ends.
        case draining
        /// The last frame is on its way.
        case ending
        case closed
    }

    private let limits: HTTPLimits
    private var phase = Phase.opening
    private var streams = 0
    /// The highest that was taken.
    private(set) var lastStream = 0
    /// A frame that has begun and is not whole is to be by then.
    private var frameExpiry: NIODeadline?
    private var restExpiry: NIODeadline?
    /// Bytes that had not arrived when the connection's end was last due.
    private var pendingAtEnd = Int.max

    init(limits: HTTPLimits, now: NIODeadline) {
        self.limits = limits
        self.restExpiry = now + limits.headTime
    }

    /// When ``deadlinePassed(now:)`` is to be called; nil while nothing is waited for.
    var deadline: NIODeadline? {
        guard let frameExpiry, let restExpiry else { return frameExpiry ?? restExpiry }
        return min(frameExpiry, restExpiry)
    }

    /// Whether frames are looked at.
    var takesFrames: Bool { phase != .ending && phase != .closed }

    /// Whether the client may open a stream now.
    var takesStream: Bool { isGoingOn && streams < limits.http2.streams }

    private var isGoingOn: Bool { phase == .opening || phase == .serving }

    /// A frame is whole.
    mutating func frameArrived(now: NIODeadline) {
        guard phase == .opening else { return }
        phase = .serving
        if streams == 0 { restExpiry = now + limits.idleTime }
    }

    /// Bytes have come.
    /// - Parameter isInside: They end within a block of fields that is not whole.
    mutating func bytesArrived(isInside: Bool, now: NIODeadline) {
        guard takesFrames else { return }
        if !isInside { frameExpiry = nil } else if frameExpiry == nil { frameExpiry = now + limits.headTime }
    }

    mutating func streamOpened(_ number: Int) {
        streams += 1
        lastStream = max(lastStream, number)
        if takesFrames { restExpiry = nil }
    }

    mutating func streamClosed(now: NIODeadline) {
        streams -= 1
        if streams == 0, takesFrames { restExpiry = now + limits.idleTime }
    }

    /// All that happened at once has happened.
    mutating func settled(now: NIODeadline) -> Action {
        phase == .draining && streams == 0 ? end(now: now) : .none
    }

    /// The server is going down, or the client says that it opens no further stream.
    mutating func drain(now: NIODeadline) -> Action {
        guard isGoingOn else { return .none }
        phase = .draining
        return streams == 0 ? end(now: now) : .announceEnd
    }

    mutating func failed(_ failure: HTTP2Failure, now: NIODeadline) -> Action {
        guard takesFrames else { return .none }
        _ = end(now: now)
        return .fail(failure)
    }

    mutating func inputClosed() -> Action {
        guard phase != .closed else { return .none }
        phase = .closed
        return .close
    }

    /// - Parameter pending: Bytes that the peer has not acknowledged.
    mutating func deadlinePassed(pending: Int, now: NIODeadline) -> Action {
        guard let deadline, deadline <= now else { return .none }
        switch phase {
        case .ending:
            // Who is still reading the last answers is let to their end.
            guard pending > 0, pending < pendingAtEnd else { return inputClosed() }
            pendingAtEnd = pending
            restExpiry = now + limits.lingerTime
            return .none
        case .closed: return .none
        // Who says nothing in time that HTTP/2 begins with gets no answer in HTTP/2.
        case .opening: return inputClosed()
        case .serving, .draining:
            if let frameExpiry, frameExpiry <= now { return failed(.tooSlow, now: now) }
            return end(now: now)
        }
    }

    private mutating func end(now: NIODeadline) -> Action {
        phase = .ending
        frameExpiry = nil
        restExpiry = now + limits.lingerTime
        return .end
    }
}

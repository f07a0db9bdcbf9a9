// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import NIOCore

/// The life of one HTTP/1 connection: what its peer may do when, and what follows (RFC 9112, section 9).
///
/// Events in, actions out; time is a parameter.
struct HTTP1ConnectionState {
    /// What is known of a request when its head is whole.
    struct Head: Equatable {
        var isVersion1_0 = false
        var keepsAlive = true
        var contentLength: Int?
        var isChunked = false
        var expectation: String?
        var targetLength = 0
        var hasHost = true
    }

    enum Action: Equatable {
        case none
        /// Tell the client to send the body (RFC 9110, section 15.2.1).
        case sendContinue
        /// Answer with the problem, take nothing more, and linger.
        case refuse(HTTPProblem)
        /// Hand the oldest whole request to the responder.
        case dispatch
        /// Close the connection.
        case close
        /// Tell the stream that its peer has finished sending.
        case reportFinishedSending
    }

    private enum Phase: Equatable {
        /// Between requests. No byte of the next one has come.
        case idle
        case readingHead
        case readingBody(received: Int)
        /// The last request was answered with an error: what still comes is thrown away.
        case lingering
        case closed
    }

    private let limits: HTTPLimits
    private var phase = Phase.idle
    /// A request has been handed to the responder and not been answered to the end.
    private(set) var isResponding = false
    /// Whole requests that wait for the one before them: whether each leaves the connection open.
    private var queued: [Bool] = []
    private(set) var isInputClosed = false
    /// All that was answered has left. Until it has, nothing more is: who reads none of it would fill our memory.
    private(set) var hasRoom = true
    private var isDraining = false
    /// Whether the request that is arriving leaves the connection open.
    private var incomingKeepsAlive = true
    /// Whether the connection outlives the answer that is under way.
    private var keepsAlive = true
    private var expiry: NIODeadline?

    init(limits: HTTPLimits, now: NIODeadline) {
        self.limits = limits
        self.expiry = now + limits.headTime
    }

    /// When ``deadlinePassed(now:)`` is to be called; nil while nothing is waited for.
    var deadline: NIODeadline? { expiry }

    /// Whether more bytes are wanted: not while requests or answers wait, so a client cannot pile them up.
    var wantsRead: Bool { hasRoom && queued.isEmpty && phase != .closed && !isInputClosed }

    /// Whether answers end the connection, so that their head can say so.
    var closesAfterAnswer: Bool { !keepsAlive || isDraining || isInputClosed && queued.isEmpty }

    /// Bytes of a request have come, and its head is not whole.
    var isReadingHead: Bool { phase == .readingHead }

    mutating func bytesArrived(now: NIODeadline) {
        guard phase == .idle else { return }
        phase = .readingHead
        expiry = now + limits.headTime
    }

    mutating func headArrived(_ head: Head, now: NIODeadline) -> Action {
        guard !isInputClosed, phase == .idle || phase == .readingHead else { return .none }
        if head.targetLength > limits.target { return refuse(.targetTooLong(limit: limits.target), now: now) }
        if !head.isVersion1_0, !head.hasHost { return refuse(.malformed("the Host field is missing"), now: now) }
        if let length = head.contentLength, length > limits.body {
            return refuse(.bodyTooLarge(limit: limits.body), now: now)
        }
        incomingKeepsAlive = head.keepsAlive && !head.isVersion1_0
        phase = .readingBody(received: 0)
        expiry = now + limits.bodyTime
        guard let expectation = head.expectation, !head.isVersion1_0 else { return .none }
        guard expectation.lowercased() == "100-continue" else { return refuse(.expectationFailed, now: now) }
        // Within another answer it would be read as part of that; a client does not wait for ever.
        guard !isAnswering else { return .none }
        return head.isChunked || (head.contentLength ?? 0) > 0 ? .sendContinue : .none
    }

    mutating func bodyArrived(count: Int, now: NIODeadline) -> Action {
        guard !isInputClosed, case .readingBody(let received) = phase else { return .none }
        guard received + count <= limits.body else { return refuse(.bodyTooLarge(limit: limits.body), now: now) }
        phase = .readingBody(received: received + count)
        return .none
    }

    mutating func requestEnded() -> Action {
        guard !isInputClosed, case .readingBody = phase else { return .none }
        phase = .idle
        expiry = nil
        queued.append(incomingKeepsAlive)
        return dispatchNext()
    }

    /// The answer under way has been written to its end.
    /// - Parameter hasLeft: The system has taken all of it; else ``drained(now:)`` follows.
    mutating func answerEnded(hasLeft: Bool = true, now: NIODeadline) -> Action {
        isResponding = false
        guard phase != .lingering else { return .none }
        guard !closesAfterAnswer else { return close() }
        hasRoom = hasLeft
        return goOn(now: now)
    }

    /// All that was written has left.
    mutating func drained(now: NIODeadline) -> Action {
        guard !hasRoom else { return .none }
        hasRoom = true
        return phase == .lingering || phase == .closed ? .none : goOn(now: now)
    }

    private mutating func goOn(now: NIODeadline) -> Action {
        if phase == .idle { expiry = now + limits.idleTime }
        return dispatchNext()
    }

    mutating func parsingFailed(_ problem: HTTPProblem, now: NIODeadline) -> Action {
        phase == .lingering || phase == .closed ? .none : refuse(problem, now: now)
    }

    mutating func inputClosed(now: NIODeadline) -> Action {
        isInputClosed = true
        guard phase != .closed else { return .none }
        if phase == .lingering { return close() }
        if isResponding { return .reportFinishedSending }
        return isAnswering ? .none : close()
    }

    mutating func deadlinePassed(now: NIODeadline) -> Action {
        guard let expiry, expiry <= now else { return .none }
        self.expiry = nil
        switch phase {
        case .readingHead, .readingBody:
            return refuse(.timeout, now: now)
        // Silence where no byte of a request has come: a browser's spare connection takes a 408 for an answer.
        case .idle: return isResponding ? .none : close()
        case .lingering: return close()
        case .closed: return .none
        }
    }

    /// The server is going down: nothing new is taken, what runs may end.
    mutating func drain() -> Action {
        isDraining = true
        return isResponding || phase == .lingering || phase == .closed ? .none : close()
    }

    /// An answer is under way, or the next one follows.
    private var isAnswering: Bool { isResponding || !queued.isEmpty }

    private mutating func dispatchNext() -> Action {
        guard hasRoom, !isResponding, !queued.isEmpty else { return .none }
        if phase == .idle { expiry = nil }
        keepsAlive = queued.removeFirst()
        isResponding = true
        return .dispatch
    }

    private mutating func refuse(_ problem: HTTPProblem, now: NIODeadline) -> Action {
        // A second answer within one that is under way would be read as part of it: nothing more is taken instead.
        guard !isAnswering else {
            isInputClosed = true
            return .none
        }
        phase = .lingering
        keepsAlive = false
        expiry = now + limits.lingerTime
        return .refuse(problem)
    }

    private mutating func close() -> Action {
        phase = .closed
        expiry = nil
        return .close
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// The life of one connection that speaks TLS: what is done when.
///
/// Events in, actions out; time is a parameter. It knows neither libssl nor a socket.
struct TLSConnectionState {
    enum Action: Equatable {
        case none
        /// Ask the gate; then ``admitted()``.
        case askGate
        /// Take the handshake's next step.
        case shakeHands
        /// Tell the handlers behind that the peer sends no more.
        case tellInputClosed
        /// Send close_notify behind all that is pending; then ``flushed()``.
        case sayGoodbye
        /// Close the socket's own direction.
        case closeOutput
        /// Close the socket.
        case close
        /// The peer took too long: tell of the problem, and close the socket.
        case giveUp(TLSProblem)
    }

    private enum Phase: Equatable {
        case idle
        /// At the gate, with something from the peer.
        case waiting(until: NIODeadline)
        case handshaking(until: NIODeadline)
        case active
        /// The peer sends no more, and we do.
        case inputClosed
        /// We have said that we send no more, and that has not left yet.
        case closingOutput
        /// We send no more, and the peer does.
        case outputClosed
        /// The session is dead: the peer is left the time to read why. A socket that is closed while something unread is
        /// in it would take that away from the peer by its reset (RFC 9112, section 9.6).
        case lingering(until: NIODeadline, isOutputClosed: Bool)
        /// What is pending may still leave.
        case closing(until: NIODeadline)
        case closed
    }

    private let limits: TLSLimits
    private var phase = Phase.idle

    init(limits: TLSLimits) { self.limits = limits }

    // MARK: What holds

    /// When ``deadlinePassed(now:)`` is to be called; nil while nothing is waited for.
    var deadline: NIODeadline? {
        switch phase {
        case .waiting(let until), .handshaking(let until), .lingering(let until, _), .closing(let until): until
        case .idle, .active, .inputClosed, .closingOutput, .outputClosed, .closed: nil
        }
    }

    var isHandshaking: Bool { if case .handshaking = phase { true } else { false } }

    /// Not yet in the handshake, or not through it.
    var isBeforeSession: Bool {
        switch phase {
        case .idle, .waiting, .handshaking: true
        default: false
        }
    }

    /// What is written can be encrypted now.
    var canEncrypt: Bool { phase == .active || phase == .inputClosed }

    /// What comes is to be decrypted. After the peer's end nothing that counts can come.
    var canDecrypt: Bool { phase == .active || phase == .closingOutput || phase == .outputClosed }

    var isLingering: Bool { if case .lingering = phase { true } else { false } }
    var isClosed: Bool { phase == .closed }

    // MARK: The handshake

    /// - Parameter speaksFirst: As a client does; a server has nothing to do before something has come.
    mutating func connected(now: NIODeadline, speaksFirst: Bool) -> Action {
        guard phase == .idle else { return .none }
        phase = .handshaking(until: now + limits.handshakeTime)
        return speaksFirst ? .shakeHands : .none
    }

    /// Something has come that the handshake needs.
    mutating func handshakeArrived(asksGate: Bool) -> Action {
        guard case .handshaking(let until) = phase else { return .none }
        guard asksGate else { return .shakeHands }
        phase = .waiting(until: until)
        return .askGate
    }

    /// The gate is open.
    mutating func admitted() -> Action {
        guard case .waiting(let until) = phase else { return .none }
        phase = .handshaking(until: until)
        return .shakeHands
    }

    mutating func handshakeEnded() {
        if isHandshaking { phase = .active }
    }

    /// The session is dead, or was never possible.
    /// - Parameter hasLastWords: Something that tells the peer why has been written.
    mutating func failed(now: NIODeadline, hasLastWords: Bool) -> Action {
        switch phase {
        case .lingering, .closed: return .none
        case .closing: return close()
        default:
            guard hasLastWords else { return close() }
            phase = .lingering(until: now + limits.closeTime, isOutputClosed: false)
            return .none
        }
    }

    // MARK: The end

    /// The peer has said that it sends no more: by close_notify, or by the end of its socket's direction alone.
    mutating func inputClosed(now: NIODeadline) -> Action {
        switch phase {
        case .active:
            phase = .inputClosed
            return .tellInputClosed
        case .closingOutput, .outputClosed:
            phase = .closing(until: now + limits.closeTime)
            return .tellInputClosed
        case .lingering: return close()
        case .idle, .waiting, .handshaking, .inputClosed, .closing, .closed: return .none
        }
    }

    mutating func outputCloseAsked(now: NIODeadline) -> Action {
        switch phase {
        case .idle, .waiting, .handshaking: return close()
        case .active:
            phase = .closingOutput
            return .sayGoodbye
        case .inputClosed:
            phase = .closing(until: now + limits.closeTime)
            return .sayGoodbye
        case .closingOutput, .outputClosed, .lingering, .closing, .closed: return .none
        }
    }

    mutating func closeAsked(now: NIODeadline) -> Action {
        switch phase {
        case .idle, .waiting, .handshaking: return close()
        case .active, .inputClosed:
            phase = .closing(until: now + limits.closeTime)
            return .sayGoodbye
        case .closingOutput:
            phase = .closing(until: now + limits.closeTime)
            return .none
        case .outputClosed: return close()
        case .lingering, .closing, .closed: return .none
        }
    }

    /// Nothing is pending in the channel.
    mutating func flushed() -> Action {
        switch phase {
        case .closingOutput:
            phase = .outputClosed
            return .closeOutput
        case .lingering(let until, isOutputClosed: false):
            phase = .lingering(until: until, isOutputClosed: true)
            return .closeOutput
        case .closing: return close()
        default: return .none
        }
    }

    mutating func deadlinePassed(now: NIODeadline) -> Action {
        guard let deadline, deadline <= now else { return .none }
        switch phase {
        case .waiting, .handshaking:
            phase = .closed
            let milliseconds = limits.handshakeTime.nanoseconds / 1_000_000
            return .giveUp(TLSProblem("the handshake was not done within \(milliseconds) ms"))
        default: return close()
        }
    }

    /// The connection is to end without a word.
    mutating func cut() -> Action { phase == .closed ? .none : close() }

    /// The socket is gone.
    mutating func disconnected() { phase = .closed }

    private mutating func close() -> Action {
        phase = .closed
        return .close
    }
}

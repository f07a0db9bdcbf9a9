// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// Speaks TLS between the socket and the handlers behind it, and carries out what ``TLSConnectionState`` decides.
///
/// Reads for itself until the handshake is done; then fires `TLSUserEvent.handshakeCompleted`, and only after that what it has
/// decrypted. What is written through the pipeline is joined at each flush into records of up to 16 KiB. The peer's
/// close_notify is told as `ChannelEvent.inputClosed`, as the end of a socket's direction is.
///
/// Whatever is called out may call in again: so fields are whole before each call-out, and asked again after it.
public final class TLSHandler: ChannelDuplexHandler {
    public typealias InboundIn = ByteBuffer
    public typealias InboundOut = ByteBuffer
    public typealias OutboundIn = ByteBuffer
    public typealias OutboundOut = ByteBuffer

    /// Bytes of records that the channel has been given and the system has not taken.
    public internal(set) var pendingBytes = 0
    /// The key's name that the peer's certificate stands for; nil where it showed none.
    public internal(set) var peerName: String?
    /// The peer's socket ended without close_notify: what came may not be all that was sent (RFC 8446, section 6.1). Those
    /// behind find it set when they are told of the end.
    public private(set) var isTruncated = false
    /// What was agreed on; nil before.
    public var version: TLSVersion? { session.version }

    let session: TLSSession
    var state: TLSConnectionState
    var context: ChannelHandlerContext?
    var queue = OutboundQueue()
    /// Of those who wait for the socket, or our direction of it, to be closed.
    var closePromises: [EventLoopPromise<Void>] = []
    var outputPromises: [EventLoopPromise<Void>] = []
    var isAbandoned = false
    let gate: HandshakeGate?
    /// Where the gate has not let us in yet.
    var ticket: HandshakeGate.Ticket?
    var handshakeSteps = 0
    var deadlineTask: Scheduled<Void>?
    var armedDeadline: NIODeadline?
    /// What came before the handshake could use it.
    var early: ByteBuffer?
    /// What comes cannot be a plain request any more.
    var hasHeardPeer = false
    var hasFailed = false
    /// The socket's own error says why a handshake ended.
    var isErrorTold = false
    /// Those behind have got something, and not yet heard that it was all there is now.
    var hasDelivered = false
    /// Counted up to ``mostUnaskedAnswers``.
    var unaskedAnswers = 0
    /// Those behind want to read, and have got nothing since.
    var isReadAsked = false

    /// - Parameter gate: Whom to ask before each step of the handshake; nil: nobody.
    public init(session: TLSSession, limits: TLSLimits, gate: HandshakeGate?) {
        self.session = session
        self.gate = gate
        state = TLSConnectionState(limits: limits)
    }

    // MARK: What the channel tells

    public func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { start(context) }
    }

    public func handlerRemoved(context: ChannelHandlerContext) {
        end(ChannelError.ioOnClosedChannel)
        self.context = nil
    }

    public func channelActive(context: ChannelHandlerContext) {
        // The handshake may close the channel, and those behind have to hear of its beginning before its end.
        context.fireChannelActive()
        if context.channel.isActive { start(context) }
    }

    private func start(_ context: ChannelHandlerContext) {
        run(state.connected(now: context.eventLoop.now, speaksFirst: !session.isServer))
        readComplete(context)
    }

    public func channelInactive(context: ChannelHandlerContext) {
        let isEarly = state.isBeforeSession
        if state.canDecrypt { isTruncated = true }
        end(ChannelError.ioOnClosedChannel)
        if isEarly, !hasFailed, !isErrorTold {
            context.fireErrorCaught(TLSProblem("the connection ended in the handshake"))
        }
        context.fireChannelInactive()
    }

    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isErrorTold = true
        context.fireErrorCaught(error)
    }

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var records = unwrapInboundIn(data)
        if state.isBeforeSession {
            early.setOrWriteBuffer(&records)
            run(state.handshakeArrived(asksGate: gate != nil))
        } else if state.canDecrypt {
            deliver(&records, context)
        }
    }

    public func channelReadComplete(context: ChannelHandlerContext) { readComplete(context) }

    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
        guard !state.isBeforeSession else {
            return fail(TLSProblem("the peer left in the handshake"), hasLastWords: false)
        }
        if state.canDecrypt { isTruncated = true }
        run(state.inputClosed(now: context.eventLoop.now))
    }

    public func read(context: ChannelHandlerContext) {
        isReadAsked = true
        if !state.isBeforeSession { context.read() }
    }
}

@available(*, unavailable)
extension TLSHandler: Sendable {}

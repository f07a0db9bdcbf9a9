// SPDX-License-Identifier: Apache-2.0

public import NIOCore
internal import NIOTLS

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
    public private(set) var peerName: String?
    /// The peer's socket ended without close_notify: what came may not be all that was sent (RFC 8446, section 6.1).
    public private(set) var isTruncated = false

    let session: TLSSession
    var state: TLSConnectionState
    var context: ChannelHandlerContext?
    var queue = OutboundQueue()
    /// Of those who wait for the socket, or our direction of it, to be closed.
    var closePromises: [EventLoopPromise<Void>] = []
    var outputPromises: [EventLoopPromise<Void>] = []
    var isAbandoned = false
    private let gate: HandshakeGate?
    /// Where the gate has not let us in yet.
    private var ticket: HandshakeGate.Ticket?
    private var isInGate = false
    private var deadlineTask: Scheduled<Void>?
    private var armedDeadline: NIODeadline?
    /// What came before the handshake could use it.
    private var early: ByteBuffer?
    private var hasHeardPeer = false
    private var hasFailed = false
    /// The socket's own error says why a handshake ended.
    private var isErrorTold = false
    private var hasDelivered = false
    /// Those behind want to read, and have got nothing since.
    private var isReadAsked = false

    /// - Parameter gate: Whom to ask before a handshake; nil: nobody.
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
        run(state.connected(now: context.eventLoop.now, asksGate: gate != nil))
    }

    public func channelInactive(context: ChannelHandlerContext) {
        let isEarly = state.isBeforeSession
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
            if state.isHandshaking { shakeHands(context) }
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

    // MARK: The handshake

    private func enterGate() {
        ticket = gate?.enter { [self] in
            ticket = nil
            isInGate = true
            run(state.admitted())
        }
        guard ticket == nil else { return }
        isInGate = gate != nil
        run(state.admitted())
    }

    private func leaveGate() {
        if let ticket { gate?.withdraw(ticket) }
        ticket = nil
        guard isInGate else { return }
        isInGate = false
        gate?.leave()
    }

    private func shakeHands(_ context: ChannelHandlerContext) {
        var records = early ?? ByteBuffer()
        early = nil
        if session.isServer, !hasHeardPeer, PlainRequest.begins(records) { return refusePlainRequest(context) }
        hasHeardPeer = hasHeardPeer || records.readableBytes > 0
        let outcome = session.shakeHands(&records)
        if records.readableBytes > 0 { early = records }
        let hasOutput = writeOutput()
        if hasOutput { context.flush() }
        guard state.isHandshaking else { return }
        switch outcome {
        case .wantsMore: break
        case .done: handshakeEnded(context)
        case .closed: fail(TLSProblem("the peer ended the session in the handshake"), hasLastWords: hasOutput)
        case .failed(let problem): fail(problem, hasLastWords: hasOutput)
        }
    }

    private func handshakeEnded(_ context: ChannelHandlerContext) {
        state.handshakeEnded()
        peerName = session.peerName
        armDeadline()
        let negotiated = TLSUserEvent.handshakeCompleted(negotiatedProtocol: session.negotiatedProtocol)
        context.fireUserInboundEventTriggered(negotiated)
        if var records = early {
            early = nil
            if state.canDecrypt { deliver(&records, context) }
        }
        releaseQueue()
        // The last thing: another connection's handshake may begin in it.
        leaveGate()
    }

    private func refusePlainRequest(_ context: ChannelHandlerContext) {
        send(PlainRequest.answer.withUTF8Buffer { ByteBuffer(bytes: $0) })
        context.flush()
        fail(TLSProblem("the client speaks HTTP without TLS"), hasLastWords: true)
    }

    // MARK: What the peer sends

    private func deliver(_ records: inout ByteBuffer, _ context: ChannelHandlerContext) {
        var plaintext = context.channel.allocator.buffer(capacity: records.readableBytes)
        let outcome = session.decrypt(&records, into: &plaintext)
        // Before the call-out, in which others may write: these records are older than theirs.
        let hasOutput = writeOutput()
        if plaintext.readableBytes > 0 {
            hasDelivered = true
            isReadAsked = false
            context.fireChannelRead(wrapInboundOut(plaintext))
        }
        if hasOutput { context.flush() }
        switch outcome {
        case .done, .wantsMore: break
        case .closed: run(state.inputClosed(now: context.eventLoop.now))
        case .failed(let problem): fail(problem, hasLastWords: hasOutput)
        }
    }

    private func readComplete(_ context: ChannelHandlerContext) {
        if hasDelivered {
            hasDelivered = false
            context.fireChannelReadComplete()
        } else if state.isHandshaking || state.isLingering || isReadAsked && !state.isBeforeSession {
            context.read()
        }
    }

    // MARK: What the state decides

    func run(_ action: TLSConnectionState.Action) {
        perform(action)
        armDeadline()
    }

    private func perform(_ action: TLSConnectionState.Action) {
        guard let context else { return }
        switch action {
        case .none: break
        case .askGate: enterGate()
        case .shakeHands:
            shakeHands(context)
            readComplete(context)
        case .tellInputClosed:
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            settle()
        case .sayGoodbye: sayGoodbye(context)
        case .closeOutput:
            context.close(mode: .output, promise: Self.joined(&outputPromises, context.eventLoop))
            if state.isLingering { context.read() }
        case .close: close(context)
        case .giveUp(let problem):
            hasFailed = true
            context.fireErrorCaught(problem)
            close(context)
        }
    }

    /// Goes on where it was waited for the last byte to leave.
    func settle() {
        if pendingBytes == 0 { run(state.flushed()) }
    }

    /// Told on once.
    func fail(_ problem: TLSProblem, hasLastWords: Bool) {
        guard let context, !hasFailed, !state.isClosed else { return }
        hasFailed = true
        let action = state.failed(now: context.eventLoop.now, hasLastWords: hasLastWords)
        for promise in queue.drain() { promise.fail(problem) }
        context.fireErrorCaught(problem)
        run(action)
        settle()
        leaveGate()
    }

    private func close(_ context: ChannelHandlerContext) {
        var promises = closePromises + outputPromises
        closePromises = []
        outputPromises = []
        end(ChannelError.ioOnClosedChannel)
        context.close(promise: Self.joined(&promises, context.eventLoop))
    }

    /// Nothing is waited for any more.
    private func end(_ error: any Error) {
        state.disconnected()
        deadlineTask?.cancel()
        deadlineTask = nil
        early = nil
        hasDelivered = false
        let closed = closePromises + outputPromises
        closePromises = []
        outputPromises = []
        for promise in queue.drain() { promise.fail(error) }
        for promise in closed { promise.succeed() }
        leaveGate()
    }

    /// Sees to it that one task wakes the state at its deadline, and none stays behind.
    private func armDeadline() {
        let deadline = state.deadline
        guard deadline != armedDeadline else { return }
        armedDeadline = deadline
        deadlineTask?.cancel()
        deadlineTask = nil
        guard let deadline, let context else { return }
        deadlineTask = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            deadlineTask = nil
            run(state.deadlinePassed(now: deadline))
        }
    }

    private static func joined(
        _ promises: inout [EventLoopPromise<Void>],
        _ loop: any EventLoop
    ) -> EventLoopPromise<Void>? {
        guard let first = promises.first else { return nil }
        defer { promises = [] }
        for promise in promises.dropFirst() { first.futureResult.cascade(to: promise) }
        return first
    }
}

@available(*, unavailable)
extension TLSHandler: Sendable {}

// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHTTP2
internal import TLS

/// Carries out what ``HTTP2ConnectionState`` decides, and hands frames to the streams and from them: the last handler
/// of a connection's pipeline, right behind the library's.
///
/// The library encodes frames, keeps them until flow control lets them go, and polices the protocol. Its channels for
/// streams are left out: they cost more than a frame.
final class HTTP2Connection: ChannelInboundHandler, NIOHTTP2FrameDelegate, ServedConnection {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    let channel: any Channel
    let loop: ServerLoop
    let facts: ConnectionFacts
    private var context: ChannelHandlerContext?
    private var state: HTTP2ConnectionState
    private var meter: FloodMeter
    private var streams: [HTTP2StreamID: HTTP2Stream] = [:]
    /// Streams for which something follows from what was written.
    var touched: [HTTP2Stream] = []
    private var isFlushScheduled = false
    private var deadlineTask: (task: Scheduled<Void>, deadline: NIODeadline)?
    private var window = InboundWindow(target: HTTP2Connection.windowTarget)
    /// Of all requests that are not whole.
    private var unfinishedBytes = 0
    var wire: WireProgress
    /// While something of ended answers has not reached the peer.
    var leftover: LeftoverWatch?
    /// An answer has ended, and nobody has looked since.
    var mayHaveLeftover = false
    private var isPinging = false
    /// The library has told the client of a mistake that ends the connection.
    private var hasToldFailure = false
    private var isOpen = true
    private var isWriting = false

    /// What all streams together may send before the first is taken.
    private static let windowTarget = 1 << 20

    init(channel: any Channel, loop: ServerLoop, facts: ConnectionFacts) {
        self.channel = channel
        self.loop = loop
        self.facts = facts
        let now = NIODeadline.now()
        self.state = HTTP2ConnectionState(limits: loop.limits, now: now)
        self.meter = FloodMeter(now: now)
        self.wire = WireProgress(channel: channel)
    }

    // MARK: What the channel tells

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { begin(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        loop.opened(self)
        armDeadline()
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        gone()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state.takesFrames else { return }
        let frame = unwrapInboundIn(data)
        let now = NIODeadline.now()
        state.frameArrived(now: now)
        switch frame.payload {
        case .headers(let headers): headersArrived(headers, on: frame.streamID, now: now)
        case .data(let payload):
            guard case .byteBuffer(let bytes) = payload.data else { return }
            let padding = payload.paddingBytes.map { $0 + 1 } ?? 0
            streams[frame.streamID]?.bodyArrived(bytes, padding: padding, isLast: payload.endStream)
        case .settings(.settings): raiseWindow()
        case .ping(_, ack: true): isPinging = false
        case .goAway: drain()
        default: break
        }
    }

    private func headersArrived(_ headers: HTTP2Frame.FramePayload.Headers, on id: HTTP2StreamID, now: NIODeadline) {
        if let stream = streams[id] {
            if headers.endStream { stream.trailersArrived() }
            return
        }
        guard state.takesStream else { return refuse(id, now: now) }
        state.streamOpened(Int(id))
        let stream = HTTP2Stream(id: id, connection: self, limits: loop.limits)
        streams[id] = stream
        stream.headArrived(headers.headers, isLast: headers.endStream, now: now)
    }

    /// One stream too many (RFC 9113, section 5.1.2): nothing was done, and the client may ask again.
    private func refuse(_ id: HTTP2StreamID, now: NIODeadline) {
        send(.rstStream(.refusedStream), on: id)
        if !meter.refused(now: now) { fail(.flood) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        attend()
        read(context)
        context.fireChannelReadComplete()
    }

    /// Not while what is written does not leave: who asks and reads nothing would fill our memory with answers that
    /// flow control does not hold back.
    private func read(_ context: ChannelHandlerContext) {
        if isOpen, channel.isWritable { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        attend()
        read(context)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Two of these come with each frame of data that is written.
        if let update = event as? NIOHTTP2WindowUpdatedEvent {
            if update.streamID == .rootStream, let size = update.inboundWindowSize { window.changed(to: size) }
            return
        }
        switch event {
        case let closed as StreamClosedEvent:
            if let stream = streams[closed.streamID] { self.closed(stream) }
        case ChannelEvent.inputClosed: run(state.inputClosed())
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as NIOHTTP2Errors.StreamError:
            // A frame that may not be written, for example beyond the length that the head has told.
            if let stream = streams[error.streamID] { stream.broke() }
        case is NIOHTTP2Errors.NoSuchStream, is NIOHTTP2Errors.StreamClosed:
            // What was written crossed the client's end of the stream; or the client's frame is for one that never was.
            if hasToldFailure { run(state.failed(.told, now: .now())) }
        case is any NIOHTTP2Error:
            // The library has ended the stream, if it has not ended the connection.
            if hasToldFailure { run(state.failed(.told, now: .now())) } else if isWriting { fail(.internalError) }
        default: channel.close(promise: nil)
        }
    }

    // MARK: What the library and the gauge tell

    func wroteFrame(_ frame: HTTP2Frame) {
        switch frame.payload {
        case .data(let payload):
            let count = payload.data.readableBytes
            wire.wrote(count + Self.frameHeader)
            meter.sent()
            streams[frame.streamID]?.left(count, wireEnd: wire.written)
        case .goAway(_, let code, _): if code != .noError { hasToldFailure = true }
        default: wire.wrote(Self.frameHeader)
        }
    }

    private static let frameHeader = 9

    var takesFrames: Bool { state.takesFrames }

    /// - Returns: False where it is one too many.
    func frameBegan(type: UInt8, length: Int, now: NIODeadline) -> Bool {
        meter.received(type: type, length: length, now: now)
    }

    func bytesArrived(isInside: Bool, now: NIODeadline) {
        state.bytesArrived(isInside: isInside, now: now)
        armDeadline()
    }

    // MARK: Frames out

    func send(_ payload: HTTP2Frame.FramePayload, on id: HTTP2StreamID = .rootStream) {
        isWriting = true
        context?.write(wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: nil)
        isWriting = false
        scheduleFlush()
    }

    /// All that one turn of the loop writes leaves at its end, at once.
    func scheduleFlush() {
        guard !isFlushScheduled, isOpen else { return }
        isFlushScheduled = true
        channel.eventLoop.assumeIsolated().execute { [self] in
            isFlushScheduled = false
            flush()
            attend()
        }
    }

    func flush() {
        isWriting = true
        context?.flush()
        isWriting = false
    }

    /// Does what follows from frames that have left, now that none is being written.
    private func attend() {
        while !touched.isEmpty {
            let streams = touched
            touched.removeAll(keepingCapacity: true)
            for stream in streams { stream.attend() }
        }
        raiseWindow()
        watchLeftover()
        run(state.settled(now: .now()))
    }

    /// Asks whether anybody is there.
    func ping() {
        guard !isPinging else { return }
        isPinging = true
        send(.ping(HTTP2PingData(), ack: false))
    }

    // MARK: Flow control

    func unfinishedBytesChanged(by count: Int) {
        unfinishedBytes += count
    }

    /// While too much of requests that are not whole lies here, no more is asked for.
    private func raiseWindow() {
        guard unfinishedBytes <= 2 * loop.limits.body, let increment = window.increment() else { return }
        send(.windowUpdate(windowSizeIncrement: increment))
    }

    // MARK: The end

    /// The stream is closed on both sides, or cut.
    func closed(_ stream: HTTP2Stream) {
        guard streams.removeValue(forKey: stream.id) != nil else { return }
        state.streamClosed(now: .now())
        stream.gone()
        mayHaveLeftover = true
        armDeadline()
    }

    /// Some answer has not been handed over to its end.
    var hasAnswerUnderWay: Bool { streams.values.contains { !$0.isFinished } }

    func drain() {
        run(state.drain(now: .now()))
    }

    func fail(_ failure: HTTP2Failure) {
        run(state.failed(failure, now: .now()))
    }

    func abort() {
        guard isOpen else { return }
        sendGoAway(.noError)
        flush()
        channel.close(promise: nil)
    }

    private func run(_ action: HTTP2ConnectionState.Action) {
        switch action {
        case .none: return
        case .announceEnd: sendGoAway(.noError)
        case .end: leave(.noError)
        case .fail(.told): leave(nil)
        case .fail(.internalError): leave(.internalError)
        case .fail: leave(.enhanceYourCalm)
        case .close: return channel.close(promise: nil)
        }
        armDeadline()
    }

    /// Says why, and closes this side. Closed at once, what was said would be lost with what still comes.
    private func leave(_ code: HTTP2ErrorCode?) {
        if let code { sendGoAway(code) }
        flush()
        channel.close(mode: .output, promise: nil)
        dropStreams()
    }

    private func sendGoAway(_ code: HTTP2ErrorCode) {
        let last = HTTP2StreamID(state.lastStream)
        send(.goAway(lastStreamID: last, errorCode: code, opaqueData: nil))
    }

    private func dropStreams() {
        for stream in Array(streams.values) { closed(stream) }
    }

    private func gone() {
        guard isOpen else { return }
        isOpen = false
        deadlineTask?.task.cancel()
        deadlineTask = nil
        loop.closed(self)
        dropStreams()
        touched = []
    }

    // MARK: Deadlines

    private func armDeadline() {
        if let deadline = state.deadline { arm(by: deadline) }
        if let leftover { arm(by: leftover.nextLook(after: .now())) }
    }

    /// Sees to it that one task wakes the states at the earliest of their deadlines.
    func arm(by deadline: NIODeadline) {
        guard isOpen else { return }
        if let armed = deadlineTask {
            guard deadline < armed.deadline else { return }
            armed.task.cancel()
        }
        let task = channel.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            deadlineTask = nil
            deadlinePassed()
        }
        deadlineTask = (task, deadline)
    }

    private func deadlinePassed() {
        let now = NIODeadline.now()
        if hasStopped(now: now) { return reset() }
        for stream in Array(streams.values) { stream.deadlinePassed(now: now) }
        run(state.deadlinePassed(pending: wire.written - wire.delivered(), now: now))
        for stream in streams.values { if let deadline = stream.state.deadline { arm(by: deadline) } }
        armDeadline()
    }
}

@available(*, unavailable)
extension HTTP2Connection: Sendable {}

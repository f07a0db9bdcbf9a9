// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import TLS

/// Carries out what ``HTTP1ConnectionState`` decides: the last handler of a connection's pipeline.
final class HTTP1Connection: ChannelInboundHandler, ExchangeLine, ServedConnection {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    let writer: ConnectionWriter
    private let channel: any Channel
    private let loop: ServerLoop
    private let facts: ConnectionFacts
    private var state: HTTP1ConnectionState
    private var deadlineTask: Scheduled<Void>?
    /// While something of ended answers has not reached the peer. Of an answer under way, whoever writes it watches that.
    private var leftover: LeftoverWatch?
    private var incomingHead: HTTPRequestHead?
    private var incomingBody: [UInt8] = []
    /// Whole requests, and whether each is of HTTP/1.0.
    private var queue: [(request: ServerRequest, isVersion1_0: Bool)] = []
    /// The stream under way, which hears of what happens to the connection.
    private var outlet: HTTP1Outlet?
    /// The answer under way goes to an HTTP/1.0 client.
    private var isVersion1_0 = false
    /// Told of the end of the exchange under way, once.
    var onExchangeEnd: ((ExchangeEnd) -> Void)?
    /// What had been written before it.
    private var earlierBytes = 0

    init(channel: any Channel, loop: ServerLoop, facts: ConnectionFacts) {
        self.channel = channel
        self.loop = loop
        self.facts = facts
        self.state = HTTP1ConnectionState(limits: loop.limits, now: .now())
        self.writer = ConnectionWriter(channel: channel, tls: facts.tls, scratch: loop.scratch)
    }

    // MARK: What the channel tells

    func handlerAdded(context: ChannelHandlerContext) {
        // Behind a handshake the channel has long been active.
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        // Before the loop hears of us: it may close us at once, and then nobody takes this back.
        writer.onDrained = { [self] in drained() }
        loop.opened(self)
        armDeadline()
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        gone()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): headArrived(head)
        case .body(let bytes):
            run(state.bodyArrived(count: bytes.readableBytes, now: .now()))
            if incomingHead != nil { incomingBody.append(contentsOf: bytes.readableBytesView) }
        case .end: requestEnded()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        armDeadline()
        if state.wantsRead { context.read() }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { run(state.inputClosed(now: .now())) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow: fail(.headTooLarge(limit: loop.limits.head))
        case HTTPParserError.invalidVersion: fail(.versionNotSupported)
        case let error as HTTPParserError: fail(.malformed("\(error)"))
        // The TLS handler closes the connection itself, when it has said why.
        case is TLSProblem: break
        default: abort()
        }
    }

    var isOpen: Bool { writer.isOpen }

    var hasPeerFinishedSending: Bool { state.isInputClosed }

    var clientAddress: String? { channel.remoteAddress?.ipAddress }

    // MARK: What the gauge and the loop tell

    var isReadingHead: Bool { state.isReadingHead }

    func bytesArrived() {
        state.bytesArrived(now: .now())
    }

    func fail(_ problem: HTTPProblem) {
        run(state.parsingFailed(problem, now: .now()))
        armDeadline()
    }

    func drain() {
        run(state.drain())
    }

    // MARK: Requests

    private func headArrived(_ head: HTTPRequestHead) {
        guard head.version.major == 1 else {
            fail(.versionNotSupported)
            return
        }
        incomingHead = head
        incomingBody = []
        run(state.headArrived(HTTP1ConnectionState.Head(head), now: .now()))
    }

    private func requestEnded() {
        guard let head = incomingHead else { return }
        incomingHead = nil
        let request = ServerRequest(head, body: incomingBody, facts: facts)
        queue.append((request, head.version == .http1_0))
        incomingBody = []
        run(state.requestEnded())
    }

    private func run(_ action: HTTP1ConnectionState.Action) {
        switch action {
        case .none: break
        case .sendContinue: write("HTTP/1.1 100 Continue\r\n\r\n")
        case .dispatch: dispatch()
        case .refuse(let problem): refuse(problem)
        case .close: close()
        case .reportFinishedSending: outlet?.delegate?.outletPeerFinishedSending()
        }
    }

    private func dispatch() {
        deadlineTask?.cancel()
        deadlineTask = nil
        leftover = nil
        let (request, isVersion1_0) = queue.removeFirst()
        self.isVersion1_0 = isVersion1_0
        earlierBytes = writer.writtenBytes
        let exchange = Exchange(line: self, isHead: request.method == .head)
        loop.responder?.respond(to: request, through: exchange)
    }

    private func refuse(_ problem: HTTPProblem) {
        let request = incomingHead.map { ServerRequest($0, body: [], facts: facts) }
        incomingHead = nil
        incomingBody = []
        queue = []
        guard let responder = loop.responder else { return abort() }
        writeWhole(responder.answer(to: problem, request: request), isHead: false)
        channel.close(mode: .output, promise: nil)
        armDeadline()
    }

    // MARK: Answers

    func send(_ response: ServerResponse, isHead: Bool, closing: Bool) {
        guard isOpen else { return }
        if closing { _ = state.drain() }
        writeWhole(response, isHead: isHead)
        answerEnded()
    }

    func startStream(status: HTTPResponse.Status, fields: HTTPFields) -> any Outlet {
        let isChunked = !isVersion1_0 && fields[.contentLength] == nil
        let outlet = HTTP1Outlet(connection: self, head: streamHead(status, fields), isChunked: isChunked)
        self.outlet = outlet
        return outlet
    }

    func sendStreamHead(status: HTTPResponse.Status, fields: HTTPFields) {
        guard isOpen else { return }
        let head = streamHead(status, fields)
        writer.assemble { buffer in
            buffer.append(contentsOf: head)
            return 0
        }
        answerEnded()
    }

    private func streamHead(_ status: HTTPResponse.Status, _ fields: HTTPFields) -> [UInt8] {
        var fields = fields
        if !isVersion1_0, fields[.contentLength] == nil { fields[.transferEncoding] = "chunked" }
        return ResponseHead.render(status, fields, closing: state.closesAfterAnswer, date: loop.date)
    }

    func streamFinished() {
        outlet = nil
        answerEnded()
    }

    private func answerEnded() {
        exchangeEnded(isComplete: true)
        watchLeftover()
        goOn(state.answerEnded(hasLeft: writer.pendingBytes == 0, now: .now()))
    }

    private func goOn(_ action: HTTP1ConnectionState.Action) {
        run(action)
        armDeadline()
        if state.wantsRead { channel.read() }
    }

    private func exchangeEnded(isComplete: Bool) {
        guard let tell = onExchangeEnd else { return }
        onExchangeEnd = nil
        tell(ExchangeEnd(isComplete: isComplete, bytes: writer.writtenBytes - earlierBytes))
    }

    private func writeWhole(_ response: ServerResponse, isHead: Bool) {
        var fields = response.fields
        if response.status != .noContent { fields[.contentLength] = String(response.body.count) }
        let head = ResponseHead.render(response.status, fields, closing: state.closesAfterAnswer, date: loop.date)
        writer.assemble { buffer in
            buffer.append(contentsOf: head)
            if !isHead { buffer.append(contentsOf: response.body) }
            return 0
        }
    }

    private func write(_ text: StaticString) {
        writer.assemble { buffer in
            text.withUTF8Buffer { buffer.append(contentsOf: $0) }
            return 0
        }
    }

    // MARK: The end

    private func drained() {
        outlet?.delegate?.outletDrained()
        if !state.hasRoom { goOn(state.drained(now: .now())) }
    }

    /// Cuts the connection now, with a reset (RST) instead of an orderly end (FIN).
    func reset() {
        writer.resetOnClose()
        abort()
    }

    /// Closes when all that is pending has left; the peer reads it to its end.
    func close() {
        let channel = channel
        guard writer.pendingBytes > 0 else {
            channel.close(promise: nil)
            return
        }
        writer.onDrained = { channel.close(promise: nil) }
        watchLeftover()
        armDeadline()
    }

    /// Cuts the connection now. Over TLS without a goodbye, which would make a cut answer that has no length look whole.
    func abort() {
        facts.tls?.abandon()
        channel.close(promise: nil)
    }

    private func gone() {
        guard isOpen else { return }
        writer.close()
        deadlineTask?.cancel()
        deadlineTask = nil
        loop.closed(self)
        let delegate = outlet?.delegate
        outlet?.delegate = nil
        outlet = nil
        delegate?.outletClosed()
        exchangeEnded(isComplete: false)
    }

    private func watchLeftover() {
        let progress = writer.progress()
        guard progress.undelivered > 0 else { return }
        leftover = LeftoverWatch(limit: loop.limits.deadPeerTime, delivered: progress.delivered, now: .now())
    }

    /// Sees to it that one task wakes the state at its deadline, without one for each that passed unneeded, and looks after
    /// what is left.
    private func armDeadline() {
        guard isOpen, deadlineTask == nil else { return }
        let times = [state.deadline, leftover?.nextLook(after: .now())].compactMap(\.self)
        guard let time = times.min() else { return }
        deadlineTask = channel.eventLoop.assumeIsolated().scheduleTask(deadline: time) { [self] in
            deadlineTask = nil
            let (delivered, undelivered) = writer.progress()
            if leftover?.hasStopped(delivered: delivered, now: .now()) ?? false { return reset() }
            if undelivered == 0 { leftover = nil }
            run(state.deadlinePassed(now: .now()))
            armDeadline()
        }
    }
}

@available(*, unavailable)
extension HTTP1Connection: Sendable {}

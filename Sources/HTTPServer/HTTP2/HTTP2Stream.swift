// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// One stream of a connection of HTTP/2: a request, and the way of its answer.
final class HTTP2Stream {
    let id: HTTP2StreamID
    let connection: HTTP2Connection
    private(set) var state: HTTP2StreamState
    private var request: HTTP2RequestHead?
    private var body: [UInt8] = []
    private var window = InboundWindow(target: InboundWindow.initialSize)

    /// The response's head, until the first write takes it along.
    var head: HPACKHeaders?
    /// Bytes of the body that flow control, the channel or the turn's end keeps back.
    private(set) var heldBytes = 0
    /// Of the head and the body, as they were handed over.
    private(set) var writtenBytes = 0
    /// How far the connection had written when the last of this stream's bytes left.
    private(set) var wireEnd = 0
    /// Somebody has seen that bytes are held, and is to hear when they have left.
    var hasShownHeldBytes = false
    /// The answer has been handed over to its end.
    private(set) var isFinished = false
    /// The stream is to be cut when the last byte has left.
    private var isClosing = false
    /// A frame could not be written.
    private var isBroken = false
    private(set) var isGone = false
    /// Held until it lets go, or the stream is gone.
    var delegate: (any OutletDelegate)?
    var onExchangeEnd: ((ExchangeEnd) -> Void)?

    init(id: HTTP2StreamID, connection: HTTP2Connection, limits: HTTPLimits) {
        self.id = id
        self.connection = connection
        self.state = HTTP2StreamState(limits: limits)
    }

    var isOpen: Bool { !isFinished && !isClosing && !isGone }

    var hasPeerFinishedSending: Bool { false }

    // MARK: The request

    func headArrived(_ headers: HPACKHeaders, isLast: Bool, now: NIODeadline) {
        let request = HTTP2RequestHead(headers, limit: connection.loop.limits.head)
        self.request = request
        let head = HTTP2StreamState.Head(
            contentLength: request.contentLength,
            expectation: request.expectation,
            problem: request.problem(connection.loop.limits),
            isLast: isLast
        )
        run(state.headArrived(head, now: now))
    }

    /// - Parameter padding: Bytes of the frame that count against the window only.
    func bodyArrived(_ bytes: ByteBuffer, padding: Int, isLast: Bool) {
        let before = state.unfinishedBytes
        window.took(bytes.readableBytes + padding)
        let action = state.bodyArrived(count: bytes.readableBytes, isLast: isLast)
        if request != nil, action == .none || action == .dispatch { body.append(contentsOf: bytes.readableBytesView) }
        connection.unfinishedBytesChanged(by: state.unfinishedBytes - before)
        run(action)
        if state.takesBody, let increment = window.increment() {
            connection.send(.windowUpdate(windowSizeIncrement: increment), on: id)
        }
    }

    /// The fields after a body are of no use to anybody here.
    func trailersArrived() {
        bodyArrived(ByteBuffer(), padding: 0, isLast: true)
    }

    func deadlinePassed(now: NIODeadline) {
        guard !isGone else { return }
        let before = state.unfinishedBytes
        let action = state.deadlinePassed(pending: heldBytes, now: now)
        connection.unfinishedBytesChanged(by: state.unfinishedBytes - before)
        run(action)
    }

    private func run(_ action: HTTP2StreamState.Action) {
        switch action {
        case .none: break
        case .sendContinue: connection.send(.headers(.init(headers: [":status": "100"])), on: id)
        case .refuse(let problem): refuse(problem)
        case .dispatch: dispatch()
        // Of a request whose rest nobody needs (RFC 9113, section 8.1); or nobody takes the answer.
        case .cut: cut(heldBytes == 0 ? .noError : .cancel)
        }
        if let deadline = state.deadline { connection.arm(by: deadline) }
    }

    private func dispatch() {
        guard let request else { return }
        let whole = request.request(body: body, hasBody: state.hadBody, facts: connection.facts)
        self.request = nil
        body = []
        let exchange = Exchange(line: self, isHead: whole.method == .head)
        connection.loop.responder?.respond(to: whole, through: exchange)
    }

    private func refuse(_ problem: HTTPProblem) {
        let refused = request?.request(body: [], hasBody: state.hadBody, facts: connection.facts)
        request = nil
        body = []
        guard let responder = connection.loop.responder else { return cut(.internalError) }
        let answer = responder.answer(to: problem, request: refused)
        send(answer, isHead: refused?.method == .head, closing: false)
    }

    // MARK: The answer

    /// Hands over what `body` appends, with the head before it if that has not left.
    @inline(__always)
    func put(isLast: Bool, _ body: (inout [UInt8]) -> Void) {
        let scratch = connection.loop.scratch
        scratch.bytes.removeAll(keepingCapacity: true)
        body(&scratch.bytes)
        let count = scratch.bytes.count
        if isLast { isFinished = true }
        let hasBody = count > 0 || isLast && head == nil
        // The head may find the stream closed.
        let data = hasBody ? connection.channel.allocator.buffer(bytes: scratch.bytes) : nil
        if head != nil { putHead(isLast: isLast && !hasBody) }
        guard let data, !isGone else { return }
        heldBytes += count
        written(count)
        connection.send(.data(.init(data: .byteBuffer(data), endStream: isLast)), on: id)
    }

    private func putHead(isLast: Bool) {
        guard let head else { return }
        self.head = nil
        guard HTTP2ResponseHead.fits(head) else { return cut(.internalError) }
        written(HTTP2ResponseHead.size(head))
        connection.send(.headers(.init(headers: head, endStream: isLast)), on: id)
    }

    private func written(_ count: Int) {
        writtenBytes += count
        connection.loop.scratch.writtenBytes += count
    }

    /// The answer has been handed over to its end.
    func answerEnded() {
        delegate = nil
        if !isGone {
            state.answerEnded(pending: heldBytes, now: .now())
            if let deadline = state.deadline { connection.arm(by: deadline) }
        }
        connection.mayHaveLeftover = true
        exchangeEnded(isComplete: true)
    }

    private func exchangeEnded(isComplete: Bool) {
        guard let tell = onExchangeEnd else { return }
        onExchangeEnd = nil
        tell(ExchangeEnd(isComplete: isComplete, bytes: writtenBytes))
    }

    // MARK: What the connection tells

    /// The library has handed a frame of the body to the channel.
    @inline(__always)
    func left(_ count: Int, wireEnd: Int) {
        heldBytes -= count
        self.wireEnd = wireEnd
        if heldBytes == 0, hasShownHeldBytes || isClosing { connection.touched.append(self) }
    }

    /// What has left may have something follow, now that nothing is being written.
    func attend() {
        guard !isGone else { return }
        if isBroken || isClosing && heldBytes == 0 {
            cut(.internalError)
        } else if heldBytes == 0 {
            hasShownHeldBytes = false
            delegate?.outletDrained()
        }
    }

    /// Ends the stream in its middle, when all that was handed over has left.
    func closeWhenEmpty() {
        guard isOpen else { return }
        if head != nil { putHead(isLast: false) }
        isClosing = true
        connection.touched.append(self)
        connection.scheduleFlush()
    }

    /// A frame was not taken: what follows it can do no better.
    func broke() {
        isBroken = true
        connection.touched.append(self)
        connection.scheduleFlush()
    }

    /// Ends the stream now; what is held is lost.
    func cut(_ reason: NIOHTTP2.HTTP2ErrorCode) {
        guard !isGone else { return }
        connection.send(.rstStream(reason), on: id)
        connection.closed(self)
    }

    /// The stream is no more.
    func gone() {
        guard !isGone else { return }
        isGone = true
        connection.unfinishedBytesChanged(by: -state.unfinishedBytes)
        request = nil
        body = []
        head = nil
        let delegate = delegate
        self.delegate = nil
        guard !isFinished else { return }
        delegate?.outletClosed()
        exchangeEnded(isComplete: false)
    }
}

@available(*, unavailable)
extension HTTP2Stream: Sendable {}

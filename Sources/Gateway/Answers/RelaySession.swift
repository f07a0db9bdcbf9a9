// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import EventStream
internal import HTTPServer
internal import HTTPTypes
internal import Metrics
internal import Typewriter
internal import Upstream
internal import WireFormats

/// An answer of an upstream that speaks its client's format, passed on as it is: frames whole, fields untouched. What
/// it says is read on the side, for the figures and for an honest end.
///
/// Lives on the loop of its connection. Where another upstream of the route answers, or the mock, it turns the client
/// over to an ``AnswerSession`` before the first token.
final class RelaySession: CallTaker, Pulsing, OutletDelegate {
    /// How often a client is looked at that is not being written to.
    private static let checkTime: Nanoseconds = 1 * .second

    private let order: RelayOrder
    private let reply: Reply
    private let pacer: Pacer
    private unowned let loop: GatewayLoop
    private var call: UpstreamCall?
    private var outlet: (any Outlet)?
    private var renderer: (any AnswerRenderer)?
    private var handle: PacingWheel.Handle = -1
    /// When it is woken next.
    private var wakeTime = Nanoseconds.max
    private var lastWrite: Nanoseconds
    private var lastFrame: Nanoseconds = 0
    private var watch: StallWatch
    private let undeliveredLimit: Int
    private let heartbeat: Nanoseconds
    /// When the head leaves even if nothing has been said.
    private let holdEnd: Nanoseconds
    private var head: TransferHead?
    private var body: [UInt8] = []
    private var passedFrames = 0
    private var tail = StreamTail()
    private var usage: Usage?
    private var hasProbedPeer = false
    private var hasLeft = false
    /// Tells how it went, with what HTTP status; once.
    var onEnd: ((AnswerOutcome, _ status: Int) -> Void)?

    /// - Parameter hold: How long the head waits for the first word, so that an early error has its own HTTP status.
    init(_ order: RelayOrder, reply: Reply, hold: Nanoseconds, loop: GatewayLoop) {
        let limits = loop.services.configuration.streams
        self.order = order
        self.reply = reply
        self.loop = loop
        self.pacer = loop.pacer
        self.renderer = order.renderer
        self.lastWrite = order.start
        self.watch = StallWatch(limit: limits.stall, now: order.start)
        self.undeliveredLimit = limits.undelivered
        self.heartbeat = Nanoseconds(Double(limits.heartbeat) * Double.random(in: 0.92...1.08))
        self.holdEnd = order.isStreamed ? order.start + hold : .max
    }

    func listen(to call: UpstreamCall, now: Nanoseconds) {
        self.call = call
        reply.report.call = call
        handle = pacer.add(self)
        pacer.metrics.streamOpened(format: order.format.rawValue)
        call.begin(now: now)
    }

    // MARK: What the upstream says

    func upstreamChosen(_ target: CallTarget, _ head: TransferHead?, now: Nanoseconds) {
        guard !hasLeft else { return }
        if target.form == .events { turnOver() } else { self.head = head }
    }

    func upstreamPassed(_ bytes: [UInt8], now: Nanoseconds) {
        guard !hasLeft else { return }
        guard order.isStreamed else {
            body += bytes
            return
        }
        open()
        passedFrames += order.format == .openAIResponses ? Self.countFrames(in: bytes) : 1
        tail.take(bytes)
        outlet?.write { $0.append(contentsOf: bytes) }
        lastWrite = now
        if lastFrame == 0 {
            pacer.metrics.firstTokenSent(after: now - order.start)
            reply.report.firstToken = now
        }
        pacer.metrics.framePassed(gap: lastFrame == 0 ? nil : now - lastFrame)
        lastFrame = now
    }

    func upstreamRefused(_ answer: PassedAnswer, now: Nanoseconds) {
        // What the upstream thinks of our key is no business of the client's, nor where it sends us.
        let status = answer.head.status
        guard !hasLeft, outlet == nil, (400...599).contains(status), ![401, 403, 407].contains(status) else { return }
        let type = answer.head.contentType.lowercased()
        guard type.hasPrefix("application/json"), !answer.body.isEmpty else { return }
        reply.report.error = ChatFault.Kind.upstreamStatus.rawValue
        send(answer)
        leave(.refused, status: status)
    }

    func upstreamSaid(_ events: [ChatEvent], now: Nanoseconds) {
        for event in events where !hasLeft {
            switch event {
            case .usage(let counts): usage = counts
            case .end: finish()
            case .fault(let fault): fail(fault)
            case .text, .reasoning, .refusal, .toolCall: break
            }
        }
    }

    func upstreamIsMocked(by answer: String, now: Nanoseconds) {
        guard !hasLeft, let session = turnOver() else { return }
        session.upstreamIsMocked(by: answer, now: now)
        session.upstreamMoved(now: now)
    }

    func upstreamMoved(now: Nanoseconds) {
        work(now: now)
    }

    // MARK: The end

    private func finish() {
        if let usage { pacer.metrics.used(tokensIn: usage.inputTokens, tokensOut: usage.outputTokens) }
        guard order.isStreamed else {
            report(.whole)
            if let head { send(PassedAnswer(head: head, body: body)) }
            return leave(.whole)
        }
        let end = tail.missingEnd(of: order.format)
        // Of several answers only the first is read: that the others are whole, nothing but the terminator tells.
        guard order.choices == 1 || end.isEmpty else { return fail(Self.choicesMissing) }
        open()
        report(.whole)
        outlet?.finish { $0.append(contentsOf: tail.joining(end)) }
        leave(.whole)
    }

    private func fail(_ fault: ChatFault) {
        reply.report.error = fault.kind.rawValue
        guard outlet != nil else {
            let problem = RequestProblem(fault)
            report(.refused, status: problem.status)
            reply.refuse(problem)
            return leave(.refused, status: problem.status)
        }
        var buffer = FrameBuffer()
        // The upstream has told its own error itself.
        if !fault.hasPassed {
            renderer?.goOn(afterFrames: passedFrames)
            renderer?.fail(fault, into: &buffer)
        }
        report(.failed)
        // Who cannot tell an error in the format's words lets the connection tell it.
        guard renderer != nil else {
            outlet?.close()
            return leave(.failed)
        }
        outlet?.finish { $0.append(contentsOf: tail.joining(buffer.bytes)) }
        leave(.failed)
    }

    /// The server goes down: what is left cannot be said.
    func dismiss(now: Nanoseconds) {
        guard !hasLeft else { return }
        fail(ChatFault(kind: .overloaded, message: "The server is going down. Ask again.", retryable: true))
    }

    private func report(_ outcome: AnswerOutcome, status: Int = 200) {
        guard let onEnd else { return }
        self.onEnd = nil
        if let outcome = StreamOutcome(rawValue: outcome.rawValue) {
            pacer.metrics.streamEnded(format: order.format.rawValue, outcome)
        }
        tell(reply.report, outcome)
        onEnd(outcome, status)
    }

    private func tell(_ report: RequestReport, _ outcome: AnswerOutcome) {
        report.outcome = outcome
        report.units = order.isStreamed ? passedFrames : nil
        report.usage = usage
    }

    private func leave(_ outcome: AnswerOutcome, status: Int = 200) {
        guard !hasLeft else { return }
        report(outcome, status: status)
        retire()
        let hasClientLeft = outcome == .disconnected || outcome == .stalled
        if hasClientLeft { call?.clientLeft(now: Pacer.now()) } else { call?.cancel(now: Pacer.now()) }
        call = nil
    }

    private func retire() {
        hasLeft = true
        outlet?.delegate = nil
        if handle >= 0 { pacer.remove(handle) }
        handle = -1
        loop.ended(self)
    }

    /// Who answers does not speak the client's format: another session reads and writes again.
    @discardableResult
    private func turnOver() -> AnswerSession? {
        guard let order = order.order, let call else { return nil }
        let session = loop.session(for: order, reply, on: outlet)
        session.onEnd = { [onEnd, report = reply.report, unowned session] outcome, _ in
            session.tell(report, outcome)
            onEnd?(outcome, 200)
        }
        onEnd = nil
        self.call = nil
        retire()
        call.turnOver(to: session)
        session.take(call, now: Pacer.now())
        return session
    }

    // MARK: Time

    func warm(_ step: Int) {
        if step == 3 { outlet?.warm() }
    }

    func pulse(now: Nanoseconds) {
        wakeTime = .max
        if let deadline = call?.deadline, deadline <= now { call?.clockRanOut(now: now) }
        work(now: now)
    }

    private func work(now: Nanoseconds) {
        guard !hasLeft, let call else { return }
        guard outlet?.isOpen ?? reply.exchange.isOpen else { return leave(.disconnected) }
        let pending = outlet?.pendingBytes ?? 0
        guard !watch.hasStalled(outlet?.progress() ?? (0, 0), now: now) else {
            pacer.metrics.slowDisconnected()
            leave(.stalled)
            outlet?.abort()
            return
        }
        if outlet == nil, now >= holdEnd { open() }
        if outlet != nil, pending == 0, now - lastWrite >= heartbeat { keepOpen(now: now) }
        if now - lastWrite >= Self.checkTime / 2, !hasProbedPeer, reply.exchange.hasPeerFinishedSending {
            hasProbedPeer = true
            guard order.isStreamed else { return leave(.disconnected) }
            open()
            guard keepOpen(now: now) else {
                outlet?.abort()
                return leave(.disconnected)
            }
        }
        guard !hasLeft else { return }
        call.setRoom(pending < undeliveredLimit, now: now)
        // What keeps the line open waits for a client that is behind: until then there is nothing to wake for.
        let next = outlet == nil ? holdEnd : pending == 0 ? lastWrite + heartbeat : .max
        wake(at: min(call.deadline ?? .max, next, now + Self.checkTime))
    }

    /// A wake that comes early costs less than one that is moved with each frame.
    private func wake(at time: Nanoseconds) {
        guard time < wakeTime else { return }
        wakeTime = time
        pacer.wake(handle, at: time)
    }

    /// Writes what keeps the line open; false where the format has nothing.
    @discardableResult
    private func keepOpen(now: Nanoseconds) -> Bool {
        var buffer = FrameBuffer()
        renderer?.heartbeat(into: &buffer)
        lastWrite = now
        guard !buffer.bytes.isEmpty else { return false }
        outlet?.write { $0.append(contentsOf: buffer.bytes) }
        pacer.metrics.heartbeatSent()
        return true
    }

    // MARK: Out

    private func open() {
        guard outlet == nil else { return }
        var fields = order.fields
        reply.adopt(head, into: &fields)
        let outlet = reply.open(fields)
        outlet.delegate = self
        self.outlet = outlet
    }

    private func send(_ answer: PassedAnswer) {
        var fields = HTTPFields.json
        fields[.contentType] = answer.head.contentType
        reply.adopt(answer.head, into: &fields)
        reply.send(
            ServerResponse(status: .init(integerLiteral: answer.head.status), fields: fields, body: answer.body)
        )
    }

    private static func countFrames(in bytes: [UInt8]) -> Int {
        var splitter = FrameSplitter(.events)
        return splitter.ends(in: bytes.span).count
    }

    private static let choicesMissing = ChatFault(
        kind: .truncated,
        message: "The upstream's answers stopped without [DONE].",
        retryable: true
    )

    // MARK: What the outlet tells

    func outletDrained() {
        work(now: Pacer.now())
    }

    /// A client that closes its sending side may still read. If it is gone, the next write tells.
    func outletPeerFinishedSending() {}

    func outletClosed() {
        leave(.disconnected)
    }
}

@available(*, unavailable)
extension RelaySession: Sendable {}

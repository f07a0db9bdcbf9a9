// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import MockModel
internal import Typewriter
internal import WireFormats

/// Writes an answer as a stream: frames by the renderer of its wire format, and on their way out whatever is to go
/// wrong with them.
final class StreamedAnswer: AnswerWriter {
    // What each frame needs stands first.
    private var outlet: (any Outlet)?
    private var renderer: any AnswerRenderer
    private var buffer: FrameBuffer
    /// A fault may be at work: frames pass through the injector.
    private var isFaulty: Bool
    private var hasLast = false
    private(set) var hasEnded = false
    private var hasBegun = false
    private(set) var wakeTime = Nanoseconds.max
    /// Where the format's own error comes, if it does; and the renderer as it stands there.
    private var failurePoint: FailurePoint?
    /// Nil where nothing goes wrong: then frames leave as they are.
    private var injector: FaultInjector?
    private var failing: (any AnswerRenderer)?
    private var heldFailure: HeldFailure?
    private var offeredBytes = 0
    private let reply: Reply
    private let head: HTTPFields
    private let order: AnswerOrder
    /// The session, which holds this. Unowned, because a weak reference would slow down each use of it.
    unowned var delegate: (any OutletDelegate)?
    /// A fault took the stream's end.
    private(set) var isBroken = false
    private(set) var hasFailed = false
    private(set) var lastSend: Nanoseconds?
    var onLast: (() -> Void)?
    var sentUnits: Int? { injector?.writtenUnits }

    /// - Parameters:
    ///   - head: The fields of the answer, its type among them.
    ///   - outlet: Where the head has left already.
    init(
        _ order: AnswerOrder,
        renderer: any AnswerRenderer,
        head: HTTPFields,
        reply: Reply,
        outlet: (any Outlet)? = nil
    ) {
        self.outlet = outlet
        self.order = order
        self.renderer = renderer
        self.reply = reply
        self.head = head
        self.isFaulty = order.plan.altersBody
        if isFaulty {
            self.lastSend = order.start
            self.injector = FaultInjector(
                faults: order.plan.faults,
                start: order.start,
                isEventStream: order.wire.streamType.hasPrefix("text/event-stream")
            )
        }
        self.failurePoint = order.plan.faults.first { $0.kind == .error }.map { FailurePoint($0.place) }
        self.buffer = FrameBuffer(recordsFrames: isFaulty)
    }

    var isOpen: Bool { !hasEnded && (outlet?.isOpen ?? reply.exchange.isOpen) }
    var pendingBytes: Int {
        let pending = outlet?.pendingBytes ?? 0
        return isFaulty ? pending + (injector?.backlog ?? 0) : pending
    }

    func progress() -> (delivered: Int, undelivered: Int) { outlet?.progress() ?? (0, 0) }

    func warm(_ step: Int) {
        if step == 2 {
            renderer.warm { clinux_prefetch($0, Int32($1)) }
            if let outlet { clinux_prefetch(Unmanaged.passUnretained(outlet as AnyObject).toOpaque(), 128) }
        } else {
            outlet?.warm()
        }
    }

    func hurry() { injector?.hurry() }

    func abort() { outlet?.abort() }

    /// The outlet holds the session, which holds this, which holds the outlet.
    func letGo() { outlet?.delegate = nil }

    // MARK: What is said

    func begin(now: Nanoseconds) {
        guard !hasBegun else { return }
        hasBegun = true
        outlet?.delegate = delegate
        renderer.begin(into: &buffer)
        if failurePoint != nil { failing = renderer }
        open()
    }

    /// The head leaves with the first bytes.
    private func open() {
        guard outlet == nil else { return }
        let outlet = reply.open(head)
        outlet.delegate = delegate
        self.outlet = outlet
    }

    @inline(__always)
    func append(_ unit: Span<UInt8>, as piece: AnswerPiece, choice: Int) {
        if isFaulty, hasFailed { return }
        renderer.append(unit, as: piece, choice: choice, into: &buffer)
        if isFaulty, failurePoint != nil { noteUnit() }
    }

    func beginToolCall(_ call: ToolCall, choice: Int) {
        if !hasFailed { renderer.beginToolCall(call, choice: choice, into: &buffer) }
    }

    func trigger(_ fault: Fault) {
        if !isFaulty {
            isFaulty = true
            lastSend = order.start
            // What was rendered before has left already, or leaves with the next flush, as one.
            send(buffer.bytes)
            buffer = FrameBuffer(recordsFrames: true)
            injector = FaultInjector(
                faults: [],
                start: order.start,
                isEventStream: order.wire.streamType.hasPrefix("text/event-stream")
            )
        }
        if fault.kind == .error, failurePoint == nil {
            failurePoint = FailurePoint(fault.place, hasPassed: true)
            failing = renderer
        }
        offer()
        injector?.trigger(fault)
    }

    /// What is said is rendered ahead of what is sent, so the renderer may be past the place at which it is to fail: it
    /// is kept as it stands there.
    private func noteUnit() {
        let bytes = offeredBytes + buffer.bytes.count
        if failurePoint?.passes(units: 1, bytes: bytes) == false { failing = renderer }
    }

    func end(_ reason: FinishReason, choice: Int) {
        if !hasFailed { renderer.end(reason, choice: choice, into: &buffer) }
    }

    func markContinued() {
        if hasBegun, !hasFailed { renderer.markContinued(into: &buffer) }
    }

    func finish(_ usage: Usage) {
        guard !hasFailed else { return }
        renderer.finish(usage, into: &buffer)
        hasLast = true
    }

    func fail(_ fault: ChatFault) {
        if order.chat.format == .gemini, outlet != nil {
            heldFailure = HeldFailure(fault)
        } else {
            renderer.fail(fault, into: &buffer)
            hasLast = true
        }
    }

    /// Renders a failure that was held back, when what came before it has had its time to arrive; false until then.
    private func releaseFailure(now: Nanoseconds) -> Bool {
        guard let held = heldFailure else { return true }
        let time = held.time ?? now + HeldFailure.delay
        heldFailure?.time = time
        guard now >= time else {
            wakeTime = time
            return false
        }
        heldFailure = nil
        wakeTime = .max
        renderer.fail(held.fault, into: &buffer)
        hasLast = true
        return true
    }

    func refuse(_ fault: ChatFault) -> Bool {
        guard outlet == nil else { return false }
        hasEnded = true
        onLast = nil
        reply.refuse(RequestProblem(fault))
        return true
    }

    func stop() {
        guard !hasEnded else { return }
        open()
        hasEnded = true
        onLast?()
        outlet?.finish { _ in }
    }

    var hasPeerFinishedSending: Bool { reply.exchange.hasPeerFinishedSending }

    func heartbeat(now: Nanoseconds) -> Bool {
        // A fault may have silence in mind.
        guard !isFaulty, !hasLast else { return false }
        renderer.heartbeat(into: &buffer)
        guard !buffer.bytes.isEmpty else { return false }
        flush(now: now)
        return true
    }

    func probe() -> Bool { outlet?.probe() ?? false }

    // MARK: Out

    func flush(now: Nanoseconds) {
        guard !isFaulty else { return runInjector(now: now) }
        if heldFailure != nil {
            send(buffer.bytes)
            buffer.removeAll()
            guard releaseFailure(now: now) else { return }
        }
        guard !buffer.bytes.isEmpty || hasLast else { return }
        if hasLast, !hasEnded {
            hasEnded = true
            onLast?()
            guard !head.contains(.contentLength) else {
                send(buffer.bytes)
                outlet?.close()
                return
            }
            outlet?.finish { [buffer] out in out.append(contentsOf: buffer.bytes) }
        } else {
            send(buffer.bytes)
        }
        buffer.removeAll()
    }

    private func send(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        outlet?.write { $0.append(contentsOf: bytes) }
    }

    private func offer() {
        guard !buffer.bytes.isEmpty else { return }
        offeredBytes += buffer.bytes.count
        injector?.offer(buffer)
        buffer.removeAll()
    }

    private func runInjector(now: Nanoseconds) {
        if !hasLast, failurePoint?.isTimed(after: now - order.start) == true { failing = renderer }
        wakeTime = .max
        guard releaseFailure(now: now) else { return }
        offer()
        if hasLast { injector?.offerEnd() }
        while !hasEnded, let action = injector?.next(now: now) {
            switch action {
            case .write(let bytes):
                lastSend = now
                open()
                send(bytes)
            case .wait(let time):
                wakeTime = time
                return
            case .idle, .stalled: return
            case .fail:
                begin(now: now)
                hasFailed = true
                if let failing { renderer = failing }
                buffer.removeAll()
                fail(Self.injected)
                guard releaseFailure(now: now) else { return }
                offer()
                injector?.offerEnd()
            case .reset:
                leave()
                outlet?.reset()
            case .close:
                leave()
                outlet?.close()
            case .end:
                open()
                hasEnded = true
                isBroken = injector?.isCutShort ?? false
                onLast?()
                // A length that was promised and not kept can only be told by the connection's end.
                if head.contains(.contentLength) { outlet?.close() } else { outlet?.finish { _ in } }
            }
        }
    }

    private func leave() {
        open()
        hasEnded = true
        isBroken = true
        onLast?()
    }

    private static let injected = ChatFault(
        kind: .upstreamError,
        message: "The server had an error while it processed your request (a fault that was asked for).",
        retryable: true
    )
}

@available(*, unavailable)
extension StreamedAnswer: Sendable {}

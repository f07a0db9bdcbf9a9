// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import MockModel
internal import Typewriter
internal import WireFormats

/// Collects an answer, and sends it as one body when all has been said: for clients that do not read a stream.
final class CollectedAnswer: AnswerWriter {
    private let reply: Reply
    private let order: AnswerOrder
    private var head: HTTPFields
    private var choices: [WholeAnswer.Choice]
    private var injector: FaultInjector?
    /// A body that faults are at work on leaves piece by piece.
    private var outlet: (any Outlet)?
    private var body: ServerResponse?
    /// The session, which holds this.
    unowned var delegate: (any OutletDelegate)?
    private(set) var hasEnded = false
    private(set) var isBroken = false
    private(set) var hasFailed = false
    var onLast: (() -> Void)?
    var sentUnits: Int? { injector == nil ? nil : 0 }
    private(set) var wakeTime = Nanoseconds.max
    private(set) var lastSend: Nanoseconds?

    init(_ order: AnswerOrder, head: HTTPFields, reply: Reply) {
        self.order = order
        self.head = head
        self.reply = reply
        self.choices = [WholeAnswer.Choice](repeating: WholeAnswer.Choice(), count: order.chat.choices)
        if order.plan.altersBody || order.plan.contentLengthExcess != nil { makeInjector(order.plan.faults) }
    }

    var isOpen: Bool { !hasEnded && (outlet?.isOpen ?? reply.exchange.isOpen) }
    var pendingBytes: Int { outlet?.pendingBytes ?? 0 }

    func begin(now: Nanoseconds) {}

    func append(_ unit: Span<UInt8>, as piece: AnswerPiece, choice: Int) {
        switch piece {
        case .text:
            Self.append(unit, to: &choices[choice].text)
            if order.chat.topLogprobs != nil { choices[choice].tokenEnds.append(choices[choice].text.count) }
        case .reasoning: Self.append(unit, to: &choices[choice].reasoning)
        case .refusal: Self.append(unit, to: &choices[choice].refusal)
        case .toolArguments:
            guard let last = choices[choice].toolCalls.indices.last else { return }
            Self.append(unit, to: &choices[choice].toolCalls[last].arguments)
        }
    }

    func beginToolCall(_ call: ToolCall, choice: Int) {
        choices[choice].toolCalls.append(call)
    }

    func trigger(_ fault: Fault) {
        if injector == nil { makeInjector([]) }
        injector?.trigger(fault)
    }

    func end(_ reason: FinishReason, choice: Int) {
        choices[choice].finish = reason
    }

    func markContinued() {
        if let name = HTTPField.Name("x-typebar-continued") { head[name] = "true" }
    }

    func finish(_ usage: Usage) {
        let answer = WholeAnswer(choices: choices, usage: usage)
        give(ServerResponse(status: .ok, fields: head, body: order.wire.body(of: answer, for: order.identity)))
    }

    func fail(_ fault: ChatFault) {
        give(reply.response(to: RequestProblem(fault)))
    }

    func refuse(_ fault: ChatFault) -> Bool {
        guard outlet == nil else { return false }
        fail(fault)
        return true
    }

    func stop() {
        fail(ChatFault(kind: .cancelled, message: "The answer was cancelled.", retryable: false))
    }

    func progress() -> (delivered: Int, undelivered: Int) { outlet?.progress() ?? (0, 0) }

    func warm(_ step: Int) {}

    func hurry() { injector?.hurry() }

    func abort() { outlet?.abort() }

    /// The outlet holds the session, which holds this, which holds the outlet.
    func letGo() { outlet?.delegate = nil }

    /// There is one answer and one write, whoever is there to read it; unless a fault keeps it back, maybe for ever.
    var hasPeerFinishedSending: Bool { injector != nil && body != nil && reply.exchange.hasPeerFinishedSending }

    func probe() -> Bool { open().probe() }

    func heartbeat(now: Nanoseconds) -> Bool { false }

    func flush(now: Nanoseconds) {
        guard injector != nil else {
            guard let body, !hasEnded else { return }
            hasEnded = true
            onLast?()
            return reply.send(body)
        }
        runInjector(now: now)
    }

    // MARK: Out

    private func makeInjector(_ faults: [Fault]) {
        injector = FaultInjector(faults: faults, start: order.start, isEventStream: false)
        lastSend = order.start
    }

    private func give(_ response: ServerResponse) {
        guard body == nil else { return }
        body = response
        guard injector != nil else { return }
        var buffer = FrameBuffer(recordsFrames: true)
        buffer.bytes = response.body
        buffer.endFrame(.unit)
        injector?.offer(buffer)
        injector?.offerEnd()
    }

    private func open() -> any Outlet {
        if let outlet { return outlet }
        var fields = body?.fields ?? head
        // Nobody knows how long a body is that faults are at work on: it goes in chunks, unless its length is to be wrong.
        if let body, let excess = order.plan.contentLengthExcess {
            fields[.contentLength] = String(body.body.count + excess)
        }
        let outlet = reply.open(fields, status: body?.status ?? .ok)
        outlet.delegate = delegate
        self.outlet = outlet
        return outlet
    }

    private func runInjector(now: Nanoseconds) {
        wakeTime = .max
        while !hasEnded, let action = injector?.next(now: now) {
            switch action {
            case .write(let bytes):
                lastSend = now
                open().write { $0.append(contentsOf: bytes) }
            case .wait(let time):
                wakeTime = time
                return
            case .idle, .stalled: return
            case .fail:
                body = nil
                injector = nil
                hasFailed = true
                fail(ChatFault(kind: .upstreamError, message: "A fault that was asked for.", retryable: true))
            case .reset: leave(isBroken: true).reset()
            case .close: leave(isBroken: true).close()
            case .end:
                let outlet = leave(isBroken: injector?.isCutShort ?? false)
                // A length that was told wrong can only be left unkept.
                if order.plan.contentLengthExcess == nil { outlet.finish { _ in } } else { outlet.close() }
            }
        }
        if injector == nil { flush(now: now) }
    }

    private func leave(isBroken: Bool) -> any Outlet {
        let outlet = open()
        self.isBroken = isBroken
        onLast?()
        hasEnded = true
        return outlet
    }

    private static func append(_ unit: Span<UInt8>, to bytes: inout [UInt8]) {
        unit.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
}

@available(*, unavailable)
extension CollectedAnswer: Sendable {}

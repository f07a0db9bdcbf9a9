// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Logging
internal import Metrics
internal import Typewriter
internal import Upstream
internal import WireFormats

/// Carries out what a ``RoutedCall`` decides: transfers, their places at the upstreams, and how much they may bring.
///
/// Lives on one event loop, from its request to ``cancel()`` or its last event.
final class UpstreamCall {
    /// One attempt's transfer and its place.
    private struct Line {
        let endpoint: UpstreamEndpoint
        let gate: ConcurrencyGate
        var transfer: TransferID?
        /// It waits for its place.
        var ticket: UInt64?
        var hasEnded = false
        /// Bytes that were delivered and may not be followed by more yet.
        var withheld = 0
        let start: Nanoseconds
    }

    let id: UInt64
    private let routed: RoutedModel
    private let chat: ChatRequest
    /// As the client sent it, for upstreams that speak its format.
    private let passed: PassedRequest?
    /// The text so far, where another target may have to go on behind it.
    private var continuation: Continuation?
    private var machine: RoutedCall
    private var lines: [Int: Line] = [:]
    /// Of attempts that are recorded.
    private var taps: [Int: TransferTap] = [:]
    private unowned let loop: GatewayLoop
    private weak var taker: (any CallTaker)?

    /// - Parameters:
    ///   - passed: The request as it came, for upstreams that speak its format.
    ///   - form: How their answers reach the client; those of others are read and written again.
    init(
        _ id: UInt64,
        _ routed: RoutedModel,
        _ chat: ChatRequest,
        passing passed: PassedRequest? = nil,
        as form: AnswerForm = .events,
        seed: UInt64,
        taker: any CallTaker,
        loop: GatewayLoop
    ) {
        var routed = routed
        for index in routed.plan.targets.indices
        where passed != nil && routed.plan.targets[index].endpoint?.format == passed?.format {
            routed.plan.targets[index].form = form
        }
        self.id = id
        self.routed = routed
        self.chat = chat
        self.passed = passed
        self.continuation = routed.plan.policy.continuesElsewhere ? Continuation() : nil
        self.taker = taker
        self.loop = loop
        self.machine = RoutedCall(
            routed.plan,
            board: loop.services.board,
            wantsUsage: chat.wantsUsage,
            limit: loop.services.configuration.streams.upstreamEvent,
            seed: seed
        )
    }

    /// When ``clockRanOut(now:)`` is to be called.
    var deadline: Nanoseconds? { machine.deadline }
    var hasEnded: Bool { machine.hasEnded }
    /// How many requests it has come to.
    var attempts: Int { machine.attemptsMade }
    /// Who gives the answer, once somebody does.
    var answering: String? {
        machine.answeringTarget.map { routed.plan.targets[$0].endpoint?.name ?? "mock" }
    }
    /// Its answer is heard and kept, whether anybody reads it or not.
    var isKept: Bool { routed.disconnect == .keep && !machine.hasEnded }
    var isHeldBack: Bool { lines.values.contains { $0.withheld > 0 } }

    func begin(now: Nanoseconds) {
        perform(machine.begin(now: now), now: now)
        taker?.upstreamMoved(now: now)
    }

    /// A part of one of its transfers has come.
    func received(_ part: TransferPart, of transfer: TransferID, now: Nanoseconds) {
        guard let attempt = lines.first(where: { $0.value.transfer == transfer })?.key else { return }
        if case .body(let bytes) = part { lines[attempt]?.withheld += bytes.count }
        if case .ended = part { lines[attempt]?.hasEnded = true }
        if !taps.isEmpty { taps[attempt]?.received(part, now: now) }
        perform(machine.received(part, of: attempt, now: now), now: now)
        taker?.upstreamMoved(now: now)
    }

    func clockRanOut(now: Nanoseconds) {
        perform(machine.clockRanOut(now: now), now: now)
    }

    /// An attempt that waited has its place.
    func granted(_ attempt: Int, now: Nanoseconds) {
        guard lines[attempt]?.ticket != nil else { return }
        lines[attempt]?.ticket = nil
        open(attempt, now: now)
        taker?.upstreamMoved(now: now)
    }

    /// Takes more of the transfers, or leaves it where it is.
    func setRoom(_ hasRoom: Bool, now: Nanoseconds) {
        machine.holdBack(!hasRoom, now: now)
        guard hasRoom, let reactor = loop.reactor else { return }
        for (attempt, line) in lines where line.withheld > 0 {
            if let transfer = line.transfer { reactor.acknowledge(transfer, bytes: line.withheld) }
            lines[attempt]?.withheld = 0
        }
    }

    /// Its answer is for another one from now on.
    func turnOver(to taker: any CallTaker) {
        self.taker = taker
    }

    /// The client has left: the answer is not wanted any more, unless its route wants to know what it costs.
    func clientLeft(now: Nanoseconds) {
        guard routed.disconnect != .cancel, !machine.hasEnded, machine.stopTrying() else { return cancel(now: now) }
        loop.began(UsageDrain(self, loop: loop), now: now)
    }

    /// The answer is not wanted any more.
    func cancel(now: Nanoseconds) {
        taker = nil
        perform(machine.abandon(now: now), now: now)
    }

    // MARK: Actions

    private func perform(_ actions: [RoutedCall.Action], now: Nanoseconds) {
        var outcome = CallOutcome(of: actions)
        for action in actions {
            switch action {
            case .ask(let attempt, let target): ask(routed.plan.targets[target], attempt, now: now)
            case .release(let attempt): release(attempt, as: outcome, now: now)
            case .choose(let target, let head):
                taker?.upstreamChosen(routed.plan.targets[target], head, now: now)
            case .relay(let bytes): taker?.upstreamPassed(bytes, now: now)
            case .refuse(let answer): taker?.upstreamRefused(answer, now: now)
            case .resume(let target):
                noteResumed(at: target)
                taker?.upstreamResumed(routed.plan.targets[target], now: now)
            case .say(var events):
                // Who is let go before the answer's end was not the one who gave it.
                if case .end = events.last { outcome = .whole }
                for case .fault(let fault) in events { note(fault) }
                continuation?.take(&events)
                taker?.upstreamSaid(events, now: now)
            case .playMock(let target): taker?.upstreamIsMocked(by: routed.plan.targets[target].model, now: now)
            case .retried(let fault, let target, let delay): note(fault, target, delay)
            }
        }
        if machine.hasEnded { loop.ended(self) }
    }

    private func ask(_ target: CallTarget, _ attempt: Int, now: Nanoseconds) {
        guard let endpoint = target.endpoint, let gate = loop.services.gates[endpoint.name] else { return }
        if !lines.isEmpty { loop.pacer.metrics.hedged(endpoint.name) }
        lines[attempt] = Line(endpoint: endpoint, gate: gate, start: now)
        let (services, number, id) = (loop.services, loop.number, id)
        let entry = gate.enter {
            services.execute(on: number) { $0.granted(attempt, ofCall: id) }
        }
        switch entry {
        case .entered: open(attempt, target, now: now)
        case .queued(let ticket): lines[attempt]?.ticket = ticket
        case .refused:
            lines[attempt] = nil
            perform(machine.refused(attempt, now: now), now: now)
        }
    }

    private func open(_ attempt: Int, now: Nanoseconds) {
        guard let target = machine.target(of: attempt) else { return }
        open(attempt, routed.plan.targets[target], now: now)
    }

    private func open(_ attempt: Int, _ target: CallTarget, now: Nanoseconds) {
        guard let endpoint = target.endpoint, let reactor = loop.reactor, let inbox = loop.inbox,
            let encoded = encoded(for: endpoint, target)
        else { return }
        note(encoded.losses, endpoint)
        machine.entered(attempt, now: now)
        let request = endpoint.transfer(for: encoded)
        if routed.isRecorded {
            taps[attempt] = loop.services.recorder?.tap(request, to: endpoint, for: chat, now: now)
        }
        let transfer = reactor.start(request, deliveringTo: inbox)
        lines[attempt]?.transfer = transfer
        loop.began(transfer, of: self)
    }

    private func encoded(for endpoint: UpstreamEndpoint, _ target: CallTarget) -> EncodedRequest? {
        if let prefixed = continuation?.request(chat, for: endpoint.format) {
            return RequestEncoders.encode(prefixed, for: endpoint.format, model: target.model)
        }
        guard let passed, passed.format == endpoint.format else {
            return RequestEncoders.encode(chat, for: endpoint.format, model: target.model)
        }
        let isRewritten = target.form == .events
        return passed.encoded(
            for: target.model,
            isRewritten ? .streamed(wantsUsage: chat.wantsUsage) : .asAsked(isStreamed: target.form == .frames)
        )
    }

    private func release(_ attempt: Int, as outcome: CallOutcome, now: Nanoseconds) {
        guard let line = lines.removeValue(forKey: attempt) else { return }
        if !taps.isEmpty { taps.removeValue(forKey: attempt)?.released(as: outcome, now: now) }
        if let ticket = line.ticket, line.gate.abandon(ticket) { return }
        line.gate.leave()
        guard let transfer = line.transfer else { return }
        loop.pacer.metrics.upstreamCallEnded(line.endpoint.name, outcome, after: now - line.start)
        loop.ended(transfer)
        if !line.hasEnded { loop.reactor?.cancel(transfer) }
    }

    // MARK: The log

    private func note(_ losses: [String], _ endpoint: UpstreamEndpoint) {
        guard !losses.isEmpty else { return }
        loop.services.logger.notice(
            "Not carried over to the upstream",
            metadata: ["upstream": "\(endpoint.name)", "what": "\(losses.joined(separator: ", "))"]
        )
    }

    private func noteResumed(at target: Int) {
        let name = routed.plan.targets[target].endpoint?.name ?? ""
        loop.pacer.metrics.continued(at: name)
        loop.services.logger.notice(
            "Another upstream goes on behind the text so far",
            metadata: ["model": "\(routed.name)", "upstream": "\(name)"]
        )
    }

    private func note(_ fault: ChatFault) {
        loop.services.logger.warning(
            "Upstream failed",
            metadata: [
                "model": "\(routed.name)", "kind": "\(fault.kind.rawValue)", "status": "\(fault.status ?? 0)",
            ]
        )
    }

    private func note(_ fault: ChatFault, _ target: Int, _ delay: Int64) {
        if let name = routed.plan.targets[target].endpoint?.name {
            if delay > 0 { loop.pacer.metrics.retried(name) } else { loop.pacer.metrics.failedOver(from: name) }
        }
        loop.services.logger.warning(
            "Upstream failed, and another try follows",
            metadata: [
                "model": "\(routed.name)", "upstream": "\(routed.plan.targets[target].endpoint?.name ?? "")",
                "kind": "\(fault.kind.rawValue)", "status": "\(fault.status ?? 0)",
                "delay_ms": "\(delay / 1_000_000)",
            ]
        )
    }
}

@available(*, unavailable)
extension UpstreamCall: Sendable {}

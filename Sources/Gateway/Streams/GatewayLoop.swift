// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import Journal
internal import Logging
internal import Metrics
internal import MockModel
internal import NIOCore
internal import Typewriter
internal import Upstream
internal import WireFormats

/// The gateway's part on one event loop: the streams that live there, their pacer, and the requests that come in.
final class GatewayLoop {
    let number: Int
    let services: GatewayServices
    let pacer: Pacer
    let eventLoop: any EventLoop
    /// How much the loop's connections have written since they began.
    let writtenBytes: () -> Int
    private var generations: [StreamID: Generation] = [:]
    private var replicas: [ReplicaID: Replica] = [:]
    private var calls: [UInt64: UpstreamCall] = [:]
    /// Whose transfers are under way.
    private var transfers: [TransferID: UpstreamCall] = [:]
    private var callCount: UInt64 = 0
    private var probes: [HealthProbe] = []
    private var sessions: [ObjectIdentifier: AnswerSession] = [:]
    private var relays: [ObjectIdentifier: RelaySession] = [:]
    private var drains: [ObjectIdentifier: UsageDrain] = [:]
    private(set) var inbox: TransferInbox?

    init(number: Int, eventLoop: any EventLoop, services: GatewayServices, writtenBytes: @escaping () -> Int) {
        self.number = number
        self.eventLoop = eventLoop
        self.services = services
        self.writtenBytes = writtenBytes
        self.pacer = Pacer(eventLoop: eventLoop)
        if reactor != nil { openInbox() }
        // One loop asks for all.
        guard number == 0 else { return }
        for endpoint in services.configuration.upstreams {
            if let settings = endpoint.health { probes.append(HealthProbe(endpoint, settings, loop: self)) }
        }
    }

    // MARK: Streams

    private static let plainFormat = WireFormat.plainStream.rawValue

    func generation(_ id: StreamID) -> Generation? { generations[id] }

    /// Starts a stream that the mock answers with `text`.
    func start(
        _ spec: StreamSpec,
        pace: Pace,
        saying text: [UInt8],
        _ request: ChatRequest,
        now: Nanoseconds
    ) -> Generation {
        let generation = makeGeneration(spec, request, pace: pace, now: now, bytes: text.count)
        generation.stream.take(.text(text), at: now)
        generation.stream.take(.closed(.whole), at: now)
        return generation
    }

    /// Starts a stream that a scenario answers.
    func start(
        _ spec: StreamSpec,
        pace: Pace,
        playing script: AnswerScript,
        _ request: ChatRequest,
        now: Nanoseconds
    ) -> Generation {
        let generation = makeGeneration(spec, request, pace: pace, now: now, bytes: script.textBytes)
        generation.play(script, firstDelay: pace.firstDelay, now: now)
        return generation
    }

    /// Starts a stream that upstreams answer.
    func start(
        _ spec: StreamSpec,
        pace: Pace,
        asking routed: RoutedModel,
        _ request: ChatRequest,
        now: Nanoseconds
    ) -> Generation {
        let generation = makeGeneration(spec, request, pace: pace, now: now, bytes: 0)
        generation.begin(call(routed, request, seed: spec.start.seed, for: generation), now: now)
        return generation
    }

    private func makeGeneration(
        _ spec: StreamSpec,
        _ request: ChatRequest,
        pace: Pace,
        now: Nanoseconds,
        bytes: Int
    ) -> Generation {
        let limits = services.configuration.streams
        let stream = Stream(
            spec: spec,
            log: AnswerLog(limit: limits.text),
            typewriter: Typewriter(pace: pace, seed: spec.start.seed, start: now),
            usage: nil,
            pacer: pacer
        )
        let generation = Generation(stream: stream, chat: request, loop: self, now: now)
        generations[spec.id] = generation
        pacer.metrics.streamOpened(format: Self.plainFormat)
        evict(services.journal.began(spec.id, home: number, bytes: bytes))
        services.logger.debug("Stream started", metadata: ["stream": "\(spec.id)", "model": "\(spec.start.model)"])
        return generation
    }

    /// Counts `bytes` more of a stream's text; false where there is no room for them.
    func grew(_ id: StreamID, by bytes: Int) -> Bool {
        evict(services.journal.grew(id, by: bytes))
        return !services.journal.isFull
    }

    func ended(_ generation: Generation) {
        evict(services.journal.ended(generation.id))
        let spec = generation.stream.spec
        let isWhole = generation.stream.log.outcome == .whole
        pacer.metrics.streamEnded(format: Self.plainFormat, isWhole ? .whole : .failed)
        if isWhole, let usage = generation.stream.toldUsage {
            pacer.metrics.used(tokensIn: usage.inputTokens, tokensOut: usage.outputTokens)
        }
        // Where something is to go wrong on its way, the reader tells how it went.
        guard !spec.plan.altersBody else { return }
        services.requestLog.ended(spec.logID, isWhole ? .whole : .failed, status: 200, now: Pacer.now())
        services.logger.debug("Stream ended", metadata: ["stream": "\(generation.id)"])
    }

    func forget(_ generation: Generation) {
        services.journal.forget(generation.id)
        drop(generation.id)
    }

    private func drop(_ id: StreamID) {
        generations.removeValue(forKey: id)?.retire()
    }

    private func evict(_ evictions: [MemoryJournal.Eviction]) {
        for eviction in evictions {
            if eviction.home == number {
                drop(eviction.id)
            } else {
                services.execute(on: eviction.home) { $0.drop(eviction.id) }
            }
        }
    }

    // MARK: Answers of the APIs

    func began(_ session: AnswerSession) {
        sessions[ObjectIdentifier(session)] = session
    }

    func ended(_ session: AnswerSession) {
        sessions[ObjectIdentifier(session)] = nil
    }

    func began(_ session: RelaySession) {
        relays[ObjectIdentifier(session)] = session
    }

    func ended(_ session: RelaySession) {
        relays[ObjectIdentifier(session)] = nil
    }

    // MARK: Calls of upstreams

    /// The reactor that carries this loop's transfers; nil where there is no upstream.
    var reactor: CurlReactor? {
        services.reactors.isEmpty ? nil : services.reactors[number % services.reactors.count]
    }

    /// A call whose answer goes to `taker`, which begins it.
    /// - Parameters:
    ///   - passed: The request as it came, for upstreams that speak its format.
    ///   - form: How their answers reach the client.
    func call(
        _ routed: RoutedModel,
        _ request: ChatRequest,
        passing passed: PassedRequest? = nil,
        as form: AnswerForm = .events,
        seed: UInt64,
        for taker: any CallTaker
    ) -> UpstreamCall {
        callCount += 1
        let call = UpstreamCall(
            callCount,
            routed,
            request,
            passing: passed,
            as: form,
            seed: seed,
            taker: taker,
            loop: self
        )
        calls[call.id] = call
        return call
    }

    /// A call is heard to its end, though its client has left.
    func began(_ drain: UsageDrain, now: Nanoseconds) {
        drains[ObjectIdentifier(drain)] = drain
        drain.begin(now: now)
    }

    func ended(_ drain: UsageDrain) {
        drains[ObjectIdentifier(drain)] = nil
    }

    func began(_ transfer: TransferID, of call: UpstreamCall) {
        transfers[transfer] = call
    }

    func ended(_ transfer: TransferID) {
        transfers[transfer] = nil
    }

    func ended(_ call: UpstreamCall) {
        calls[call.id] = nil
    }

    func granted(_ attempt: Int, ofCall id: UInt64) {
        calls[id]?.granted(attempt, now: Pacer.now())
    }

    // MARK: Copies on other loops

    /// Makes a copy of a stream for a reader on this loop.
    func addReplica(_ id: ReplicaID, _ snapshot: Replica.Snapshot, home: Int) -> Stream {
        let replica = Replica(id: id, snapshot, home: home, loop: self)
        replicas[id] = replica
        return replica.stream
    }

    /// Tells a copy on another loop what its original has been told.
    func send(_ input: StreamInput, at time: Nanoseconds, to replica: ReplicaID, on loop: Int) {
        services.execute(on: loop) { $0.replicas[replica]?.stream.take(input, at: time) }
    }

    /// A copy has no reader any more.
    func retire(_ replica: Replica, home: Int) {
        replicas[replica.id] = nil
        replica.stream.retire()
        let (id, stream) = (replica.id, replica.stream.spec.id)
        services.execute(on: home) { $0.generations[stream]?.remove(id, now: Pacer.now()) }
    }

    // MARK: The upstream's text

    private func openInbox() {
        let box = NIOLoopBound(WeakLoop(self), eventLoop: eventLoop)
        let inbox = TransferInbox(eventLoop: eventLoop) { box.value.loop?.emptyInbox() }
        self.inbox = inbox
        pacer.onTurn = { [weak self] in self?.emptyInbox() }
        pacer.onNextTurn = { inbox.expect(nextTurn: $0, now: Pacer.now()) }
    }

    private func emptyInbox() {
        guard let inbox else { return }
        while case let deliveries = inbox.take(), !deliveries.isEmpty {
            let now = Pacer.now()
            for delivery in deliveries {
                if let call = transfers[delivery.id] {
                    call.received(delivery.part, of: delivery.id, now: now)
                } else {
                    for probe in probes { probe.received(delivery.part, of: delivery.id, now: now) }
                }
            }
        }
    }

    // MARK: Going down

    /// Ends the readers' connections cleanly; they may resume elsewhere.
    func dismissReaders() {
        let now = Pacer.now()
        for generation in generations.values { generation.dismissReaders(now: now) }
        for session in sessions.values { session.dismiss(now: now) }
        for relay in relays.values { relay.dismiss(now: now) }
    }

    /// Ends everything.
    func shutDown() {
        for generation in generations.values { generation.retire() }
        generations = [:]
        sessions = [:]
        relays = [:]
        for drain in drains.values { drain.retire() }
        // What they have recorded so far is written.
        for call in Array(calls.values) { call.cancel(now: Pacer.now()) }
        for probe in probes { probe.retire() }
        probes = []
        pacer.onTurn = nil
        pacer.onNextTurn = nil
    }
}

@available(*, unavailable)
extension GatewayLoop: Sendable {}

/// Lets the inbox, which the reactor holds, not hold the loop.
private struct WeakLoop {
    weak var loop: GatewayLoop?

    init(_ loop: GatewayLoop) {
        self.loop = loop
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Journal
internal import Logging
internal import MockModel
internal import NIOCore
internal import Synchronization
internal import Upstream

/// What the event loops share.
final class GatewayServices: Sendable {
    let configuration: GatewayConfiguration
    let catalogue: Catalogue
    let origins: OriginPolicy
    let paces: PaceDecoder
    let journal: MemoryJournal
    /// Nil where there is no upstream.
    let reactor: CurlReactor?
    let logger: Logger
    let scenarios: ScenarioBook
    let requestLog: RequestLog
    let cassettes = CassetteShelf()
    let requestRate = Mutex(RequestRate())
    let responses: Shelf<StoredResponse>
    let interfaceChats: Shelf<AnswerOrder>
    /// The loops' own parts, in the order of their numbers.
    private let loops: [NIOLoopBoundBox<GatewayLoop?>]
    private let numbers: [ObjectIdentifier: Int]
    private let nextReplica = Atomic<ReplicaID>(0)

    init(
        configuration: GatewayConfiguration,
        reactor: CurlReactor?,
        scenarios: ScenarioBook,
        logger: Logger,
        eventLoops: [any EventLoop]
    ) {
        self.configuration = configuration
        self.catalogue = Catalogue(upstreams: configuration.upstreams)
        self.origins = OriginPolicy(configuration)
        self.paces = PaceDecoder(cadences: configuration.cadences)
        self.journal = MemoryJournal(limit: configuration.streams.totalText)
        self.reactor = reactor
        self.logger = logger
        self.scenarios = scenarios
        self.requestLog = RequestLog(limit: configuration.admin.requests, bodyLimit: configuration.admin.bodyBytes)
        self.responses = Shelf<StoredResponse>()
        self.interfaceChats = Shelf<AnswerOrder>()
        self.loops = eventLoops.map { .makeEmptyBox(valueType: GatewayLoop.self, eventLoop: $0) }
        self.numbers = Dictionary(
            uniqueKeysWithValues: eventLoops.enumerated().map { (ObjectIdentifier($1), $0) }
        )
    }

    /// Whether `/admin` answers at all.
    var isAdminOpen: Bool {
        let isLocal = ["127.0.0.1", "::1", "localhost"].contains(configuration.host)
        return configuration.admin.isEnabled ?? (isLocal || configuration.admin.key != nil)
    }

    func newReplicaID() -> ReplicaID {
        nextReplica.add(1, ordering: .relaxed).newValue
    }

    /// Makes the part of `eventLoop`. Call on that loop, once.
    func makeLoop(on eventLoop: any EventLoop) -> GatewayLoop {
        let number = numbers[ObjectIdentifier(eventLoop)] ?? 0
        let loop = GatewayLoop(number: number, eventLoop: eventLoop, services: self)
        loops[number].value = loop
        return loop
    }

    /// Runs `body` on loop `number`, later.
    func execute(on number: Int, _ body: @escaping @Sendable (GatewayLoop) -> Void) {
        let box = loops[number]
        box.eventLoop.execute {
            if let loop = box.value { body(loop) }
        }
    }

    func executeOnAll(_ body: @escaping @Sendable (GatewayLoop) -> Void) {
        for number in loops.indices { execute(on: number, body) }
    }
}

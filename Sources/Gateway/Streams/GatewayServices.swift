// SPDX-License-Identifier: Apache-2.0

internal import Journal
internal import Logging
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
    /// The loops' own parts, in the order of their numbers.
    private let loops: [NIOLoopBoundBox<GatewayLoop?>]
    private let numbers: [ObjectIdentifier: Int]
    private let nextReplica = Atomic<ReplicaID>(0)

    init(
        configuration: GatewayConfiguration,
        reactor: CurlReactor?,
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
        self.loops = eventLoops.map { .makeEmptyBox(valueType: GatewayLoop.self, eventLoop: $0) }
        self.numbers = Dictionary(
            uniqueKeysWithValues: eventLoops.enumerated().map { (ObjectIdentifier($1), $0) }
        )
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

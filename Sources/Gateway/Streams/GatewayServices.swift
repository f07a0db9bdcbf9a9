// SPDX-License-Identifier: Apache-2.0

internal import Journal
internal import Logging
internal import MockModel
internal import NIOCore
internal import Synchronization
internal import TLS
internal import Upstream

/// What the event loops share.
final class GatewayServices: Sendable {
    let configuration: GatewayConfiguration
    let catalogue: Catalogue
    let origins: OriginPolicy
    let paces: PaceDecoder
    let journal: MemoryJournal
    /// Empty where there is no upstream.
    let reactors: [CurlReactor]
    /// How the upstreams' targets are doing.
    let board = TargetBoard()
    /// Who may ask each upstream now, by its name.
    let gates: [String: ConcurrencyGate]
    let logger: Logger
    /// Nil where nothing is recorded.
    let recorder: Recorder?
    let scenarios: ScenarioBook
    let requestLog: RequestLog
    let cassettes = CassetteShelf()
    let requestRate = Mutex(RequestRate())
    let responses: Shelf<StoredResponse>
    let interfaceChats: Shelf<AnswerOrder>
    /// It goes down, and takes no new connection.
    let isDraining = Atomic<Bool>(false)
    /// 0 before it is known.
    private let boundPort = Atomic<Int>(0)
    private let areLoopsStopping = Atomic<Bool>(false)
    /// On the monotonic clock.
    let start = Pacer.now()
    private let census = Mutex<(@Sendable () -> Int)?>(nil)
    /// The loops' own parts, in the order of their numbers.
    private let loops: [NIOLoopBoundBox<GatewayLoop?>]
    private let numbers: [ObjectIdentifier: Int]
    private let nextReplica = Atomic<ReplicaID>(0)

    init(
        configuration: GatewayConfiguration,
        routes: RouteTable,
        reactors: [CurlReactor],
        scenarios: ScenarioBook,
        recorder: Recorder?,
        logger: Logger,
        eventLoops: [any EventLoop]
    ) {
        self.configuration = configuration
        self.catalogue = Catalogue(routes: routes)
        self.gates = Dictionary(
            configuration.upstreams.map { ($0.name, ConcurrencyGate($0.concurrency)) },
            uniquingKeysWith: { first, _ in first }
        )
        self.origins = OriginPolicy(configuration)
        self.paces = PaceDecoder(cadences: configuration.cadences)
        self.journal = MemoryJournal(limit: configuration.streams.totalText)
        self.reactors = reactors
        self.logger = logger
        self.recorder = recorder
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
        configuration.admin.isEnabled ?? (configuration.isLocal || configuration.admin.key != nil || knowsClients)
    }

    /// Whether `/admin` is for those alone who show that they may.
    var isAdminGuarded: Bool {
        configuration.admin.key != nil || configuration.admin.isEnabled == nil && !configuration.isLocal
    }

    private var knowsClients: Bool { configuration.tls?.server.clients != nil }

    /// Where clients find TLS; nil where it is not spoken, so that plain requests are answered.
    var securePort: Int? {
        guard let tls = configuration.tls else { return nil }
        if let target = tls.redirectTarget { return target }
        let port = boundPort.load(ordering: .relaxed)
        return port == 0 ? configuration.port : port
    }

    /// The server is up, on this port.
    func listens(on port: Int) { boundPort.store(port, ordering: .relaxed) }

    var loopCount: Int { loops.count }

    /// Connections that are open, as the server counts them.
    func openConnections() -> Int { census.withLock { $0?() ?? 0 } }

    /// Tells who counts the connections.
    func count(_ connections: @escaping @Sendable () -> Int) { census.withLock { $0 = connections } }

    func newReplicaID() -> ReplicaID {
        nextReplica.add(1, ordering: .relaxed).newValue
    }

    /// Makes the part of `eventLoop`. Call on that loop, once.
    /// - Parameter writtenBytes: How much its connections have written.
    func makeLoop(on eventLoop: any EventLoop, writtenBytes: @escaping () -> Int) -> GatewayLoop {
        let number = numbers[ObjectIdentifier(eventLoop)] ?? 0
        let loop = GatewayLoop(number: number, eventLoop: eventLoop, services: self, writtenBytes: writtenBytes)
        loops[number].value = loop
        return loop
    }

    /// Runs `body` on loop `number`, later. Once the loops are about to stop, nothing is run any more.
    func execute(on number: Int, _ body: @escaping @Sendable (GatewayLoop) -> Void) {
        guard !areLoopsStopping.load(ordering: .relaxed) else { return }
        let box = loops[number]
        box.eventLoop.execute {
            if let loop = box.value { body(loop) }
        }
    }

    func executeOnAll(_ body: @escaping @Sendable (GatewayLoop) -> Void) {
        for number in loops.indices { execute(on: number, body) }
    }

    /// Ends the loops' own parts, and waits for that: one that ends hands its places at upstreams to the others, which
    /// must still be there.
    func shutDownLoops() async {
        for box in loops {
            await withCheckedContinuation { continuation in
                box.eventLoop.execute {
                    box.value?.shutDown()
                    continuation.resume()
                }
            }
        }
        areLoopsStopping.store(true, ordering: .relaxed)
    }
}

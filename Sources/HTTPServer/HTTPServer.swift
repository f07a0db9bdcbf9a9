// SPDX-License-Identifier: Apache-2.0

public import NIOCore
internal import NIOPosix
internal import TLS

/// Listens, and turns connections into requests for the responder of the event loop they live on.
public final class HTTPServer: Sendable {
    private let listeners: [any Channel]
    private let loops: [NIOLoopBound<ServerLoop>]
    private let census: ConnectionCensus

    /// Where the server listens, in the order asked for, with the port that the system chose where 0 was.
    public var addresses: [SocketAddress] { listeners.compactMap(\.localAddress) }

    /// Connections that are open now.
    public var openConnections: Int { census.count }

    private init(listeners: [any Channel], loops: [NIOLoopBound<ServerLoop>], census: ConnectionCensus) {
        self.listeners = listeners
        self.loops = loops
        self.census = census
    }

    /// Binds, and serves from then on.
    /// - Parameter makeResponder: Called on each event loop once, before the first connection; its second parameter
    ///   tells, on that loop, how many bytes the loop's connections have written since they began.
    public static func start(
        on group: any EventLoopGroup,
        listeners: [HTTPListener],
        limits: HTTPLimits,
        makeResponder: @escaping @Sendable (any EventLoop, @escaping () -> Int) -> any HTTPResponder
    ) async throws -> HTTPServer {
        var loops: [ObjectIdentifier: NIOLoopBound<ServerLoop>] = [:]
        for eventLoop in group.makeIterator() {
            loops[ObjectIdentifier(eventLoop)] = try await eventLoop.submit {
                let loop = ServerLoop(limits: limits, eventLoop: eventLoop)
                loop.responder = makeResponder(eventLoop, { [scratch = loop.scratch] in scratch.writtenBytes })
                return NIOLoopBound(loop, eventLoop: eventLoop)
            }.get()
        }
        let loopsByIdentity = loops
        let census = ConnectionCensus(
            limit: limits.connections ?? Descriptors.limit - Descriptors.reserve,
            limitPerClient: limits.connectionsPerClient
        )
        var channels: [any Channel] = []
        do {
            for listener in listeners {
                channels.append(try await bind(listener, on: group, loops: loopsByIdentity, census: census))
            }
        } catch {
            for channel in channels { try? await channel.close() }
            throw error
        }
        return HTTPServer(listeners: channels, loops: Array(loops.values), census: census)
    }

    private static func bind(
        _ listener: HTTPListener,
        on group: any EventLoopGroup,
        loops: [ObjectIdentifier: NIOLoopBound<ServerLoop>],
        census: ConnectionCensus
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 1024, maximum: 64 << 10)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loops[ObjectIdentifier(channel.eventLoop)]?.value else {
                        throw ChannelError.inappropriateOperationForState
                    }
                    try addHandlers(to: channel, loop: loop, census: census, certificates: listener.certificates)
                }
            }
            .bind(host: listener.host, port: listener.port).get()
    }

    /// Takes no new connection, closes those that rest, and lets those with a request under way come to its end.
    public func drain() async {
        for listener in listeners { try? await listener.close() }
        for loop in loops { loop.eventLoop.execute { loop.value.drain() } }
    }

    /// Cuts what is left.
    public func shutDown() async {
        for listener in listeners { try? await listener.close() }
        for loop in loops { loop.eventLoop.execute { loop.value.shutDown() } }
    }

    private static func addHandlers(
        to channel: any Channel,
        loop: ServerLoop,
        census: ConnectionCensus,
        certificates: CertificateStore?
    ) throws {
        let client = loop.limits.connectionsPerClient > 0 ? channel.remoteAddress?.ipAddress : nil
        let verdict = census.arrived(from: client)
        channel.closeFuture.whenComplete { _ in census.left(client) }
        guard verdict != .hopeless else { throw ChannelError.ioOnClosedChannel }
        let facts = ConnectionFacts(isOverCapacity: verdict == .overCapacity)
        try ConnectionSetup(channel: channel, loop: loop, facts: facts).begin(certificates)
    }
}

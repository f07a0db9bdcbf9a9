// SPDX-License-Identifier: Apache-2.0

internal import CLinux
public import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Listens, and turns connections into requests for the responder of the event loop they live on.
public final class HTTPServer: Sendable {
    private let listener: any Channel
    private let loops: [NIOLoopBound<ServerLoop>]
    private let census: ConnectionCensus

    /// Where the server listens, with the port that the system chose where 0 was asked for.
    public var address: SocketAddress? { listener.localAddress }

    /// Connections that are open now.
    public var openConnections: Int { census.count }

    private init(listener: any Channel, loops: [NIOLoopBound<ServerLoop>], census: ConnectionCensus) {
        self.listener = listener
        self.loops = loops
        self.census = census
    }

    /// Binds, and serves from then on.
    /// - Parameter makeResponder: Called on each event loop once, before the first connection; its second parameter
    ///   tells, on that loop, how many bytes the loop's connections have written since they began.
    public static func start(
        on group: any EventLoopGroup,
        host: String,
        port: Int,
        limits: HTTPLimits,
        makeResponder: @escaping @Sendable (any EventLoop, @escaping () -> Int) -> any HTTPResponder
    ) async throws -> HTTPServer {
        var loops: [ObjectIdentifier: NIOLoopBound<ServerLoop>] = [:]
        for eventLoop in group.makeIterator() {
            loops[ObjectIdentifier(eventLoop)] = try await eventLoop.submit {
                let loop = ServerLoop(limits: limits)
                loop.responder = makeResponder(eventLoop, { [scratch = loop.scratch] in scratch.writtenBytes })
                return NIOLoopBound(loop, eventLoop: eventLoop)
            }.get()
        }
        let loopsByIdentity = loops
        let census = ConnectionCensus(
            limit: limits.connections ?? Descriptors.limit - Descriptors.reserve,
            limitPerClient: limits.connectionsPerClient
        )
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.tcpOption(.init(rawValue: TCP_USER_TIMEOUT)), value: deadPeerMilliseconds)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 1024, maximum: 64 << 10)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loopsByIdentity[ObjectIdentifier(channel.eventLoop)]?.value else {
                        throw ChannelError.inappropriateOperationForState
                    }
                    try addHandlers(to: channel, loop: loop, census: census)
                }
            }
            .bind(host: host, port: port).get()
        return HTTPServer(listener: listener, loops: Array(loops.values), census: census)
    }

    /// Takes no new connection, closes those that rest, and lets those with a request under way come to its end.
    public func drain() async {
        try? await listener.close()
        for loop in loops { loop.eventLoop.execute { loop.value.drain() } }
    }

    /// Cuts what is left.
    public func shutDown() async {
        try? await listener.close()
        for loop in loops { loop.eventLoop.execute { loop.value.shutDown() } }
    }

    /// How long bytes may go unacknowledged before the kernel gives the peer up (`TCP_USER_TIMEOUT`).
    private static let deadPeerMilliseconds = 30_000

    private static func addHandlers(to channel: any Channel, loop: ServerLoop, census: ConnectionCensus) throws {
        let client = loop.limits.connectionsPerClient > 0 ? channel.remoteAddress?.ipAddress : nil
        let verdict = census.arrived(from: client)
        channel.closeFuture.whenComplete { _ in census.left(client) }
        guard verdict != .hopeless else { throw ChannelError.ioOnClosedChannel }
        let connection = HTTP1Connection(channel: channel, loop: loop, isOverCapacity: verdict == .overCapacity)
        var parserLimits = NIOHTTPDecoderLimitConfiguration()
        parserLimits.maxHeaderFieldSize = loop.limits.head
        parserLimits.maxHeaderListSize = loop.limits.head
        let parser = HTTPRequestDecoder(
            leftOverBytesStrategy: .dropBytes,
            informationalResponseStrategy: .drop,
            limitConfiguration: parserLimits
        )
        try channel.pipeline.syncOperations.addHandlers(
            HeadGauge(connection: connection, limits: loop.limits),
            ByteToMessageHandler(parser),
            connection
        )
    }
}

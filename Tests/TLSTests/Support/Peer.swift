// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import Testing

@testable import TLS

/// One end of a connection in memory: a socket's double, the TLS handler, and one who notes what comes out of it.
final class Peer {
    let channel: EmbeddedChannel
    let socket = SocketDouble()
    let handler: TLSHandler
    let listener = Listener()

    init(_ session: TLSSession, loop: EmbeddedEventLoop, limits: TLSLimits, gate: HandshakeGate? = nil) throws {
        channel = EmbeddedChannel(loop: loop)
        handler = TLSHandler(session: session, limits: limits, gate: gate)
        try channel.pipeline.syncOperations.addHandlers(socket, handler, listener)
    }

    var heard: [Listener.Heard] { listener.heard }
    var text: String { listener.text }

    func connect() throws {
        channel.connect(to: try SocketAddress(unixDomainSocketPath: "/nowhere"), promise: nil)
        channel.embeddedEventLoop.run()
    }

    /// What the socket has been given since the last call.
    func sent() throws -> ByteBuffer {
        var all = ByteBuffer()
        while var part = try channel.readOutbound(as: ByteBuffer.self) { all.writeBuffer(&part) }
        return all
    }

    /// The socket has this to read.
    func receive(_ bytes: ByteBuffer) {
        channel.pipeline.fireChannelRead(bytes)
        channel.pipeline.fireChannelReadComplete()
        channel.embeddedEventLoop.run()
    }

    /// The peer's socket has ended its direction.
    func receiveEnd() { channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }

    @discardableResult
    func write(_ text: String, flush: Bool = true) -> EventLoopFuture<Void> {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        channel.pipeline.write(ByteBuffer(string: text), promise: promise)
        if flush { channel.pipeline.flush() }
        return promise.futureResult
    }

    @discardableResult
    func close(_ mode: CloseMode = .all) -> EventLoopFuture<Void> {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        channel.pipeline.close(mode: mode, promise: promise)
        channel.embeddedEventLoop.run()
        return promise.futureResult
    }
}

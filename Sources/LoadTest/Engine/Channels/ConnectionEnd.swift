// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOTLS

/// The last of a connection's handlers: tells the loop of its life, and, of HTTP/1, of its bytes.
final class ConnectionEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let engine: ChannelLoop
    private let connection: ChannelConnection

    init(_ engine: ChannelLoop, _ connection: ChannelConnection) {
        self.engine = engine
        self.connection = connection
    }

    func channelActive(context: ChannelHandlerContext) {
        connection.isConnected = true
        engine.connected(connection)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let agreed) = event as? TLSUserEvent { engine.secured(connection, agreed: agreed) }
        // The session has ended: nothing more will come, though the socket may still be open.
        if case .inputClosed = event as? ChannelEvent { engine.lost(connection) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard let stream = connection.current else {
            // Nobody has asked: nothing that it says can be trusted.
            return engine.drop(connection)
        }
        _ = bytes.withUnsafeReadableBytes { engine.take($0, stream, at: connection.readAt) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        engine.lost(connection)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        engine.failed(connection, error)
    }
}

@available(*, unavailable)
extension ConnectionEnd: Sendable {}

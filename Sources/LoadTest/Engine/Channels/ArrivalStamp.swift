// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// The first to see what was read from a socket: notes when, before anybody deciphers it.
final class ArrivalStamp: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let engine: ChannelLoop
    private let connection: ChannelConnection

    init(_ engine: ChannelLoop, _ connection: ChannelConnection) {
        self.engine = engine
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.readAt = engine.noteRead()
        context.fireChannelRead(data)
    }
}

@available(*, unavailable)
extension ArrivalStamp: Sendable {}

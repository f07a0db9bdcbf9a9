// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Stands before the HTTP parser and measures heads, which the parser hands on only when they are whole.
final class HeadGauge: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTP1Connection
    private let limits: HTTPLimits
    private var headBytes = 0
    private var isPastTarget = false

    init(connection: HTTP1Connection, limits: HTTPLimits) {
        self.connection = connection
        self.limits = limits
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        connection.bytesArrived()
        if !isPastTarget { isPastTarget = bytes.readableBytesView.contains(0x0A) }
        headBytes += bytes.readableBytes
        context.fireChannelRead(data)
        guard connection.isReadingHead else {
            headBytes = 0
            isPastTarget = false
            return
        }
        if !isPastTarget, headBytes > limits.target + Self.methodRoom {
            connection.fail(.targetTooLong(limit: limits.target))
        } else if headBytes > limits.head {
            connection.fail(.headTooLarge(limit: limits.head))
        }
    }

    /// What a request line has beside its target: the method, two spaces, the version.
    private static let methodRoom = 32
}

@available(*, unavailable)
extension HeadGauge: Sendable {}

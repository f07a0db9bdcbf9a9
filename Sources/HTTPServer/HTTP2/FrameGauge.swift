// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Stands before the library's handler and measures frames, which that hands on only when they are whole, if at all.
final class FrameGauge: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTP2Connection
    private var scanner = FrameScanner()

    init(connection: HTTP2Connection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // After its last frame a connection lingers, and what still comes is thrown away.
        guard connection.takesFrames else { return }
        let now = NIODeadline.now()
        var isFlood = false
        scanner.scan(unwrapInboundIn(data).readableBytesView) { type, length in
            if !connection.frameBegan(type: type, length: length, now: now) { isFlood = true }
        }
        connection.bytesArrived(isInside: scanner.isInsideFields, now: now)
        guard !isFlood else { return connection.fail(.flood) }
        context.fireChannelRead(data)
    }
}

@available(*, unavailable)
extension FrameGauge: Sendable {}

// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Carries out a ``SettingsSwap`` between the socket and the library, and leaves the pipeline when that is done.
final class SettingsHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private var swap = SettingsSwap()
    /// Until it has left.
    private var announcement: ByteBuffer?

    init(limits: HTTPLimits) {
        announcement = SettingsSwap.announcement(limits)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // The library's settings are the first that it writes (RFC 9113, section 3.4).
        guard let announcement else { return context.write(data, promise: promise) }
        self.announcement = nil
        context.write(wrapOutboundOut(.byteBuffer(announcement)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let seen = swap.take(unwrapInboundIn(data))
        if seen.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(seen)) }
        if swap.isDone { context.pipeline.syncOperations.removeHandler(self, promise: nil) }
    }
}

@available(*, unavailable)
extension SettingsHandler: Sendable {}

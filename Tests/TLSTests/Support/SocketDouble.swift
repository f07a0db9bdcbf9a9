// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Does what a socket does and `EmbeddedChannel` does not: closes one direction, counts reads, and takes nothing for a while.
final class SocketDouble: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private(set) var reads = 0
    private(set) var flushes = 0
    private(set) var isOutputClosed = false
    private(set) var isClosed = false
    private var isStuck = false
    private var held: [(NIOAny, EventLoopPromise<Void>?)] = []
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isStuck { held.append((data, promise)) } else { context.write(data, promise: promise) }
    }

    func flush(context: ChannelHandlerContext) {
        flushes += 1
        context.flush()
    }

    func read(context: ChannelHandlerContext) { reads += 1 }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output {
            isOutputClosed = true
            promise?.succeed()
            return
        }
        isClosed = true
        for (_, promise) in held { promise?.fail(ChannelError.ioOnClosedChannel) }
        held = []
        context.close(mode: mode, promise: promise)
    }

    /// The system takes nothing.
    func stick() { isStuck = true }

    /// It takes again.
    func loosen() {
        isStuck = false
        let waiting = held
        held = []
        for (data, promise) in waiting { context?.write(data, promise: promise) }
        context?.flush()
    }
}

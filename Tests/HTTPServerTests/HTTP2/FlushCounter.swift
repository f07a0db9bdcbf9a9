// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Counts flushes and reads on their way out.
final class FlushCounter: ChannelOutboundHandler {
    typealias OutboundIn = IOData

    private(set) var count = 0
    private(set) var reads = 0

    func flush(context: ChannelHandlerContext) {
        count += 1
        context.flush()
    }

    func read(context: ChannelHandlerContext) {
        reads += 1
        context.read()
    }
}

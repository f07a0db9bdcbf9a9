// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Counts flushes on their way out.
final class FlushCounter: ChannelOutboundHandler {
    typealias OutboundIn = IOData

    private(set) var count = 0

    func flush(context: ChannelHandlerContext) {
        count += 1
        context.flush()
    }
}

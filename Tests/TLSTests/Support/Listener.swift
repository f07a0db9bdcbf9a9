// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOTLS

/// Notes what comes out of a TLS handler.
final class Listener: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    enum Heard: Equatable {
        case active
        case handshake(String?)
        case data(String)
        case readComplete
        case inputClosed
        case error(String)
        case inactive
    }

    private(set) var heard: [Heard] = []
    /// All that came.
    private(set) var text = ""
    /// Done when an event comes, in the event.
    var reaction: ((Heard, ChannelHandlerContext) -> Void)?

    func forget() {
        heard = []
        text = ""
    }

    private func note(_ event: Heard, _ context: ChannelHandlerContext) {
        heard.append(event)
        reaction?(event, context)
    }

    func channelActive(context: ChannelHandlerContext) { note(.active, context) }
    func channelInactive(context: ChannelHandlerContext) { note(.inactive, context) }
    func channelReadComplete(context: ChannelHandlerContext) { note(.readComplete, context) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { note(.error("\(error)"), context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = String(buffer: unwrapInboundIn(data))
        text += part
        note(.data(part), context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted(let negotiated): note(.handshake(negotiated), context)
        case ChannelEvent.inputClosed: note(.inputClosed, context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }
}

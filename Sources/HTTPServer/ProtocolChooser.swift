// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOTLS
internal import TLS

/// Waits for the end of the handshake, and makes place for the handlers of the protocol that was agreed on.
final class ProtocolChooser: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var setup: ConnectionSetup
    private let tls: TLSHandler

    init(_ setup: ConnectionSetup, tls: TLSHandler) {
        self.setup = setup
        self.tls = tls
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted(let negotiated) = event else {
            return context.fireUserInboundEventTriggered(event)
        }
        setup.facts.tls = tls
        do {
            if negotiated == "h2" { try setup.speakHTTP2() } else { try setup.speakHTTP1() }
        } catch {
            return context.close(promise: nil)
        }
        // No byte has come yet: the TLS handler hands on what it decrypts only after this event.
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The TLS handler closes the connection when its last words have left. Other errors close the channel by themselves.
        guard let problem = error as? TLSProblem else { return context.fireErrorCaught(error) }
        setup.loop.responder?.handshakeFailed(problem.description, client: setup.channel.remoteAddress?.ipAddress)
    }
}

@available(*, unavailable)
extension ProtocolChooser: Sendable {}

// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOTLS

/// From the gate to the first byte of data.
extension TLSHandler {
    /// A handshake has fewer steps. Who makes more of it, byte by byte, goes before no other.
    private static let favouredSteps = 4

    func enterGate() {
        let hasBegun = (1...Self.favouredSteps).contains(handshakeSteps)
        ticket = gate?.enter(hasBegun: hasBegun) { [self] in
            ticket = nil
            run(state.admitted())
            if let context { readComplete(context) }
        }
        if ticket == nil { run(state.admitted()) }
    }

    func leaveLine() {
        if let ticket { gate?.withdraw(ticket) }
        ticket = nil
    }

    func shakeHands(_ context: ChannelHandlerContext) {
        handshakeSteps += 1
        var records = early ?? ByteBuffer()
        early = nil
        if session.isServer, !hasHeardPeer, PlainRequest.begins(records) { return refusePlainRequest(context) }
        hasHeardPeer = hasHeardPeer || records.readableBytes > 0
        let outcome = session.shakeHands(&records)
        if records.readableBytes > 0 { early = records }
        let hasOutput = writeOutput()
        if hasOutput { context.flush() }
        guard state.isHandshaking else { return }
        switch outcome {
        case .wantsMore: break
        case .done: handshakeEnded(context)
        case .closed: fail(TLSProblem("the peer ended the session in the handshake"), hasLastWords: hasOutput)
        case .failed(let problem): fail(problem, hasLastWords: hasOutput)
        }
    }

    private func handshakeEnded(_ context: ChannelHandlerContext) {
        state.handshakeEnded()
        peerName = session.peerName
        armDeadline()
        let negotiated = TLSUserEvent.handshakeCompleted(negotiatedProtocol: session.negotiatedProtocol)
        context.fireUserInboundEventTriggered(negotiated)
        if var records = early {
            early = nil
            if state.canDecrypt { deliver(&records, context) }
        }
        releaseQueue()
    }

    private func refusePlainRequest(_ context: ChannelHandlerContext) {
        send(PlainRequest.answer.withUTF8Buffer { ByteBuffer(bytes: $0) })
        context.flush()
        fail(TLSProblem("the client speaks HTTP without TLS"), hasLastWords: true)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// What comes from the peer.
extension TLSHandler {
    /// Answers of libssl's own, one after the other without data that comes when they have left: to a request for new
    /// keys (RFC 8446, section 4.6.3), or for a second handshake. Who does not read them would fill our memory.
    static let mostUnaskedAnswers = 64

    func deliver(_ records: inout ByteBuffer, _ context: ChannelHandlerContext) {
        var plaintext = context.channel.allocator.buffer(capacity: records.readableBytes)
        let outcome = session.decrypt(&records, into: &plaintext)
        // Before the call-out, in which others may write: these records are older than theirs.
        let hasLeft = pendingBytes == 0
        let hasOutput = writeOutput()
        if plaintext.readableBytes > 0, hasLeft { unaskedAnswers = 0 }
        if hasOutput { unaskedAnswers += 1 }
        if plaintext.readableBytes > 0 {
            hasDelivered = true
            isReadAsked = false
            context.fireChannelRead(wrapInboundOut(plaintext))
        }
        if hasOutput { context.flush() }
        switch outcome {
        case .done, .wantsMore:
            guard unaskedAnswers > Self.mostUnaskedAnswers else { break }
            let problem = "the peer asks for new keys again and again, and does not read the answers"
            fail(TLSProblem(problem), hasLastWords: false)
        case .closed: run(state.inputClosed(now: context.eventLoop.now))
        case .failed(let problem): fail(problem, hasLastWords: hasOutput)
        }
    }

    func readComplete(_ context: ChannelHandlerContext) {
        if hasDelivered {
            hasDelivered = false
            context.fireChannelReadComplete()
        } else if state.isHandshaking || state.isLingering || isReadAsked && !state.isBeforeSession {
            context.read()
        }
    }
}

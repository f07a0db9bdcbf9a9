// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Looks at the first bytes of a plain connection: HTTP/2's preface (RFC 9113, section 3.4), or a request of HTTP/1.
final class PrefaceDetector: ChannelInboundHandler, RemovableChannelHandler, ServedConnection {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let setup: ConnectionSetup
    private var match = PrefaceMatch()
    /// What has come, for whoever turns out to be meant.
    private var held = ByteBuffer()
    private var deadlineTask: Scheduled<Void>?

    init(_ setup: ConnectionSetup) {
        self.setup = setup
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        let verdict = match.take(bytes.readableBytesView)
        held.writeBuffer(&bytes)
        guard verdict != .undecided else { return }
        do {
            if verdict == .http2 { try setup.speakHTTP2() } else { try setup.speakHTTP1() }
        } catch {
            return context.close(promise: nil)
        }
        end()
        context.fireChannelRead(wrapInboundOut(held))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.read()
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func drain() { abort() }

    func abort() {
        setup.channel.close(promise: nil)
    }

    private func begin(_ context: ChannelHandlerContext) {
        setup.loop.opened(self)
        let channel = context.channel
        // Silence, or a preface that does not come to its end: a browser's spare connection takes a 408 for an answer.
        deadlineTask = context.eventLoop.scheduleTask(in: setup.loop.limits.headTime) { channel.close(promise: nil) }
        context.read()
    }

    private func end() {
        setup.loop.closed(self)
        deadlineTask?.cancel()
        deadlineTask = nil
    }
}

@available(*, unavailable)
extension PrefaceDetector: Sendable {}

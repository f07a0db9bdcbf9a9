// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import TLS

/// What is left of answers that have ended. Of those under way, whoever writes them watches that somebody takes them.
extension HTTP2Connection {
    /// Begins to watch where answers have ended since the last call.
    func watchLeftover() {
        guard mayHaveLeftover else { return }
        mayHaveLeftover = false
        guard leftover == nil else { return }
        startLeftoverWatch(delivered: wire.delivered())
    }

    /// - Returns: Whether the peer has stopped to take what is left.
    func hasStopped(now: NIODeadline) -> Bool {
        guard leftover != nil else { return false }
        let delivered = wire.delivered()
        if delivered == wire.written || hasAnswerUnderWay { startLeftoverWatch(delivered: delivered) }
        return leftover?.hasStopped(delivered: delivered, now: now) ?? false
    }

    private func startLeftoverWatch(delivered: Int) {
        leftover = nil
        guard delivered < wire.written else { return }
        let watch = LeftoverWatch(limit: loop.limits.deadPeerTime, delivered: delivered, now: .now())
        leftover = watch
        arm(by: watch.nextLook(after: .now()))
    }

    /// Closes the connection without a word to a peer that would not take it.
    func reset() {
        wire.resetOnClose()
        facts.tls?.abandon()
        channel.close(promise: nil)
    }
}

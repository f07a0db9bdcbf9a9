// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Logging
internal import Metrics
internal import Typewriter

/// Hears an upstream to its end whose client has left, for the token counts; the text is dropped.
final class UsageDrain: CallTaker, Pulsing {
    private let call: UpstreamCall
    private unowned let loop: GatewayLoop
    private var handle: PacingWheel.Handle = -1

    init(_ call: UpstreamCall, loop: GatewayLoop) {
        self.call = call
        self.loop = loop
    }

    func begin(now: Nanoseconds) {
        call.turnOver(to: self)
        handle = loop.pacer.add(self)
        upstreamMoved(now: now)
    }

    func warm(_ step: Int) {}

    func pulse(now: Nanoseconds) {
        call.clockRanOut(now: now)
        upstreamMoved(now: now)
    }

    func upstreamSaid(_ events: [ChatEvent], now: Nanoseconds) {
        for case .usage(let usage) in events {
            loop.pacer.metrics.used(tokensIn: usage.inputTokens, tokensOut: usage.outputTokens)
            loop.services.logger.info(
                "Heard an upstream to its end for a client that left",
                metadata: ["tokens_in": "\(usage.inputTokens)", "tokens_out": "\(usage.outputTokens)"]
            )
        }
    }

    /// There is nobody left to whom a mock could talk.
    func upstreamIsMocked(by answer: String, now: Nanoseconds) {}

    func upstreamMoved(now: Nanoseconds) {
        guard handle >= 0 else { return }
        guard !call.hasEnded else { return retire() }
        call.setRoom(true, now: now)
        loop.pacer.wake(handle, at: call.deadline ?? now + .second)
    }

    /// Lets go of the call and of its own place.
    func retire() {
        guard handle >= 0 else { return }
        loop.pacer.remove(handle)
        handle = -1
        loop.ended(self)
    }
}

@available(*, unavailable)
extension UsageDrain: Sendable {}

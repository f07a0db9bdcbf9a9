// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Typewriter
internal import Upstream

/// Whom an upstream's answer is for.
protocol CallTaker: AnyObject {
    /// `target` answers: it is going to say its first token.
    func upstreamChosen(_ target: CallTarget, _ head: TransferHead?, now: Nanoseconds)

    /// Bytes for the client as they are; what they say is told right after.
    func upstreamPassed(_ bytes: [UInt8], now: Nanoseconds)

    /// An error answer for the client as it is; the fault is told right after.
    func upstreamRefused(_ answer: PassedAnswer, now: Nanoseconds)

    /// Another target goes on behind the text so far.
    func upstreamResumed(_ target: CallTarget, now: Nanoseconds)

    func upstreamSaid(_ events: [ChatEvent], now: Nanoseconds)

    /// No upstream answers, but the mock, with its answer of that name.
    func upstreamIsMocked(by answer: String, now: Nanoseconds)

    /// Something has happened: the call's deadline may be another, and there may be less room.
    func upstreamMoved(now: Nanoseconds)
}

extension CallTaker {
    func upstreamChosen(_ target: CallTarget, _ head: TransferHead?, now: Nanoseconds) {}
    func upstreamPassed(_ bytes: [UInt8], now: Nanoseconds) {}
    func upstreamRefused(_ answer: PassedAnswer, now: Nanoseconds) {}
    func upstreamResumed(_ target: CallTarget, now: Nanoseconds) {}
}

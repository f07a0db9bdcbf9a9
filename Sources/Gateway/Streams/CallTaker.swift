// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Typewriter

/// Whom an upstream's answer is for.
protocol CallTaker: AnyObject {
    func upstreamSaid(_ events: [ChatEvent], now: Nanoseconds)

    /// No upstream answers, but the mock, with its answer of that name.
    func upstreamIsMocked(by answer: String, now: Nanoseconds)

    /// Something has happened: the call's deadline may be another, and there may be less room.
    func upstreamMoved(now: Nanoseconds)
}

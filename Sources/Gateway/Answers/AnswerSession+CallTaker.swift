// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Typewriter
internal import Upstream

extension AnswerSession: CallTaker {
    /// Passes on what an upstream says.
    func listen(to call: UpstreamCall, now: Nanoseconds) {
        self.call = call
        start(now: now)
        call.begin(now: now)
    }

    /// An answer that has begun to be passed on is told by this session from here on.
    func take(_ call: UpstreamCall, now: Nanoseconds) {
        self.call = call
        start(now: now, isCounted: true)
    }

    func upstreamResumed(_ target: CallTarget, now: Nanoseconds) {
        markContinued()
    }

    func upstreamSaid(_ events: [ChatEvent], now: Nanoseconds) {
        guard !hasLeft else { return }
        for event in events {
            if case .usage(let counts) = event { usage = counts } else { players[0].take(event, now: now) }
        }
    }

    /// Nothing has been said yet, so the mock's pace can take the place of the upstream's.
    func upstreamIsMocked(by answer: String, now: Nanoseconds) {
        let (script, pace) = loop.mockScript(answer, for: order)
        players[0] = AnswerPlayer(pace: pace, seed: order.identity.seed, start: now)
        players[0].play(script, now: now)
    }

    func upstreamMoved(now: Nanoseconds) {
        work(now: now)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Looks after the life of streams: what a stream tells it, on the stream's loop.
protocol StreamKeeper: AnyObject {
    /// A reader has left.
    func readersChanged(of stream: Stream, now: Nanoseconds)
    /// The time has come for which the keeper asked.
    func timeCame(for stream: Stream, now: Nanoseconds)
    /// All that was said is typed, and more may come.
    func streamStarved(_ stream: Stream, now: Nanoseconds)
    /// A reader has left for whom something was to go wrong; the first word counts.
    func readerEnded(_ outcome: AnswerOutcome)
    /// All is typed.
    func streamEnded(_ stream: Stream, now: Nanoseconds)
}

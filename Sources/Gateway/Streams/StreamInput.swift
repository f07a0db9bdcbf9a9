// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Journal
internal import MockModel
internal import Typewriter

/// Something that happens to a stream from outside. What the original of a stream gets, its copies get too.
enum StreamInput: Sendable {
    /// The model says more: valid UTF-8.
    case text([UInt8])
    /// The model has said all, or never will.
    case closed(AnswerLog.Outcome)
    /// The stream ends here: what has not been typed is dropped.
    case cut(AnswerLog.Outcome)
    /// Shown at once, between units.
    case named(ChatEvent)
    /// Another model goes on behind the text so far.
    case resumed
    /// Something goes wrong on purpose, for the readers who are there.
    case fault(Fault)
    /// The server is going down: readers are sent away, to come back elsewhere.
    case dismissed
}

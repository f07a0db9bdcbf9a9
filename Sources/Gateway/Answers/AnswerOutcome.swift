// SPDX-License-Identifier: Apache-2.0

/// How an answer ended, for the log of requests; the raw values are its words.
enum AnswerOutcome: String, Sendable {
    case running
    /// All was said and sent.
    case whole
    /// An HTTP error instead of an answer.
    case refused
    /// The stream ended with the wire format's own error.
    case failed
    /// A fault ended it on purpose, without the client's being told.
    case broken
    /// The client left before the end.
    case disconnected
    /// The client took nothing for so long that it was cut.
    case stalled
    /// The server goes down, or has no room: the client is to come again for the rest.
    case dismissed
}

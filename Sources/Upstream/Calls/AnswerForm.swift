// SPDX-License-Identifier: Apache-2.0

/// How an upstream's answer reaches its client.
public enum AnswerForm: Equatable, Sendable {
    /// Read, and written again: in another format, at another pace.
    case events
    /// The frames of its stream pass as they come, whole; what they say is read on the side.
    case frames
    /// The one body of an answer that is not streamed passes as it is.
    case body
}

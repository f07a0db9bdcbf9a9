// SPDX-License-Identifier: Apache-2.0

/// What became of a client that came back for the rest of a stream.
public enum ResumeResult: String, CaseIterable, Sendable {
    /// It reads on.
    case resumed
    /// It has read all there is.
    case ended
    /// The stream is not known, or no longer, or not its own.
    case gone
    /// The position is no position, or none of this stream.
    case invalid
    /// There is no room, it is to come again.
    case busy
}

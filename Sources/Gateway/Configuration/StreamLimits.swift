// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// The bounds of a stream and its readers. Sizes in bytes.
public struct StreamLimits: Equatable, Sendable {
    /// Text of one stream that is kept for resume; of more, the oldest goes.
    public var text = 8 << 20
    /// Text of all streams; of more, the oldest finished streams go.
    public var totalText = 256 << 20
    /// Text of an upstream that waits to be typed; at more, the transfer pauses.
    public var backlog = 64 << 10
    /// One line or event of an upstream.
    public var upstreamEvent = 8 << 20
    /// Bytes that a reader has not taken; at more, the reader waits and the rest stays in the text.
    public var undelivered = 64 << 10
    /// A reader that takes nothing for so long is closed, and may resume.
    public var stall: Nanoseconds = 30 * .second
    /// How long a generation goes on without readers.
    public var readerGrace: Nanoseconds = 30 * .second
    /// How long a stream is kept after its end.
    public var retention: Nanoseconds = 600 * .second
    /// Silence after which a comment is sent.
    public var heartbeat: Nanoseconds = 15 * .second

    public init() {}
}

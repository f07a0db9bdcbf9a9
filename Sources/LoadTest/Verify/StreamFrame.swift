// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// One event of a stream, or one line of NDJSON, as it was read.
struct StreamFrame: Equatable, Sendable {
    /// From 1.
    var number: Int
    /// Of its first byte, in the body.
    var offset: Int
    /// `message` where the stream names none, and in NDJSON.
    var name = "message"
    var data: [UInt8]
    /// The id that it bears itself.
    var id: String?
    /// When its last byte came.
    var at: Nanoseconds = 0

    var isDone: Bool { data == Array("[DONE]".utf8) }

    /// Where it stands, without what it says: what is kept of an event.
    var place: StreamFrame {
        var place = self
        place.data = []
        return place
    }
}

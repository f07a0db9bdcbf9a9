// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// One thing that goes wrong on purpose, and where.
public struct Fault: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        // Before the stream.
        /// An HTTP error instead of an answer.
        case status(Int, retryAfterSeconds: Double?)
        /// More requests a minute than this are refused with 429.
        case rateLimit(perMinute: Int)
        /// The answer's `Content-Type` is this.
        case contentType(String)
        /// A `Content-Length` that is larger than the body by so many bytes.
        case contentLength(excess: Int)

        // At a place in the stream.
        /// The wire format's own error event, at the end of a frame, then the end.
        case error
        /// Nothing for so long; nil is for ever.
        case stall(Nanoseconds?)
        /// The connection is reset (RST).
        case reset
        /// The connection is closed (FIN) in the middle of the body.
        case close
        /// The body ends cleanly, without what tells that the answer is whole.
        case end
        // What the next frame is, ``Place`` says.
        /// Half of the next frame, then the connection is closed.
        case truncate
        /// The JSON of the next frame that has some lacks its last brace.
        case malformedJSON
        /// The next frame holds a byte that is no UTF-8, in a string where it has JSON.
        case invalidUTF8
        /// The next frame comes twice.
        case duplicate
        /// The next two frames change places.
        case reorder
        /// The next frame is lost.
        case lose
        /// The next frame grows by so many blanks before its JSON; one without JSON has a comment so long before it.
        case giant(bytes: Int)

        // Of the whole stream.
        case missingTerminator
        case doubledTerminator
        case missingFinish
        /// The JSON of a tool call's arguments lacks its end.
        case brokenToolArguments
        /// So many bytes a second.
        case drip(bytesPerSecond: Int)
        /// Writes to the network end inside UTF-8 characters, inside `data:`, or between CR and LF.
        case split(Split)
        /// Line ends other than LF.
        case lineEnds(LineEnd)
        /// A comment line before each event.
        case comments
        /// Each event has an unknown SSE field, and its JSON an unknown member.
        case unknownFields
    }

    public enum Split: String, CaseIterable, Sendable {
        case utf8
        case data
        case crlf
        /// Each byte in a write of its own.
        case bytes
    }

    public enum LineEnd: String, CaseIterable, Sendable {
        case crlf
        case cr
    }

    /// Where a fault acts: what does something to the connection at once, what alters a frame at the next one.
    public enum Place: Equatable, Sendable {
        /// After so many units of text have been written, 0 being before the first byte. The next frame is the next
        /// one but for those of structure, so that at 0 it is the first unit.
        case unit(Int)
        /// After so many bytes of the body, in the middle of a frame if need be.
        case byte(Int)
        /// So long after the request, whatever has been written.
        case time(Nanoseconds)
    }

    public var kind: Kind
    /// Only of meaning for kinds whose ``Kind/role`` is to act or to alter.
    public var place: Place
    /// How likely it is, 0 to 1; drawn from the request's seed.
    public var probability: Double

    public init(kind: Kind, place: Place = .unit(0), probability: Double = 1) {
        self.kind = kind
        self.place = place
        self.probability = probability
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Conversation
public import JSON
public import Typewriter

/// What an upstream sent in answer to one request: the raw bytes of the body, and when each part of them was read.
///
/// A cassette is a text file in UTF-8, of one JSON object a line (JSON Lines). Lines end with LF or CRLF, empty ones
/// are passed over, and an object has no members but those told here.
///
/// The first line is the head:
/// ```
/// {"typebar_cassette":1,"format":"openai_chat","status":200,"headers":{"content-type":"text/event-stream"},
///  "t":790123456,"recorded":"2026-01-31T12:00:00Z",
///  "request":{"method":"POST","path":"/v1/chat/completions","body":{…}}}
/// ```
/// (all of it in one line). `typebar_cassette` is the version of the file's format; `format` the ``WireFormat``;
/// `status` and `headers` those of the response, names in small letters. A file without `status` tells of a request
/// that no head answered, and then `headers` may be absent too. `t` is when the head came; without it, it came with the
/// first read. `recorded` is for people. `request` is what was asked, any JSON object. All three may be absent.
///
/// Then a line for each read, `{"t":812345678,"text":"data: …\n\n"}`, or `{"t":812345678,"base64":"gJ+Y"}` where the
/// bytes are not valid UTF-8, as when a read ended inside a character. `t` is the time since the request was sent, in
/// nanoseconds of a monotonic clock; it never falls.
///
/// The last line tells how it ended, `{"t":2123456789,"end":"complete"}` or another ``Ending``, and may have a
/// `reason` in words. A file without it was cut, and is refused.
///
/// No secret is ever stored: a header that may bear one (``SecretFields``) is left out by whoever writes a cassette,
/// from `headers` and from each object called `headers` in the request, as are such parameters of the query of its
/// `path` or `url`; and a file that has one is refused.
public struct Cassette: Equatable, Sendable {
    /// A header of the response.
    public struct Field: Equatable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What one read of the upstream's body gave.
    public struct Read: Equatable, Sendable {
        /// Since the request was sent.
        public var time: Nanoseconds
        public var bytes: [UInt8]

        public init(time: Nanoseconds, bytes: [UInt8]) {
            self.time = time
            self.bytes = bytes
        }
    }

    /// How the answer ended; the raw values are the names in the file.
    public enum Ending: String, CaseIterable, Sendable {
        /// As its framing says it should, or with the event that is an answer's last: no more of it was read.
        case complete
        /// The connection broke.
        case reset
        /// Nothing came for longer than the recorder would wait. It is played as that silence, for as long as the
        /// client bears it.
        case timeout
        /// There was no connection. Played as one that breaks before the answer: a connection that stands cannot be
        /// refused any more.
        case refused
        /// Nobody waited for the rest: the client had left, or another upstream was faster. The connection breaks
        /// where knowledge ends.
        case cancelled
        /// There was more than the recorder keeps. The connection breaks, so that nobody takes this for a whole answer.
        case cut
    }

    /// The version of the file's format that is read and written.
    static let version = 1

    public var format: WireFormat
    /// Nil where no head came.
    public var status: Int?
    public var fields: [Field]
    /// When the head came; nil is with the first read.
    public var headTime: Nanoseconds?
    /// When it was recorded, for people.
    public var recorded: String?
    /// What was asked, an object.
    public var request: JSONValue?
    /// Times never fall.
    public var reads: [Read]
    public var ending: Ending
    /// When it ended, not before the last read.
    public var endTime: Nanoseconds
    /// Why it ended so, in the words of whoever noticed.
    public var reason: String?

    public init(
        format: WireFormat,
        status: Int? = 200,
        fields: [Field] = [],
        headTime: Nanoseconds? = nil,
        recorded: String? = nil,
        request: JSONValue? = nil,
        reads: [Read],
        ending: Ending = .complete,
        endTime: Nanoseconds,
        reason: String? = nil
    ) {
        self.format = format
        self.status = status
        self.fields = fields
        self.headTime = headTime
        self.recorded = recorded
        self.request = request
        self.reads = reads
        self.ending = ending
        self.endTime = endTime
        self.reason = reason
    }

    /// It has no answer to tell: a status of an error.
    public var isRefusal: Bool { status.map { !(200...299).contains($0) } ?? false }

    /// It holds one JSON body, as those get who ask for no stream.
    public var isWhole: Bool {
        let type = fields.first { $0.name.lowercased() == "content-type" }?.value.lowercased() ?? ""
        guard type.hasPrefix("application/json"), !isRefusal else { return false }
        // Gemini streams an array too (gemini.md, "Streaming").
        let isArray = reads.lazy.flatMap(\.bytes).first { $0 > 0x20 } == UInt8(ascii: "[")
        return !isArray
    }

    /// Reads a file.
    /// - Parameter source: The file's name, for messages.
    public init(text: [UInt8], source: String) throws(CassetteProblem) {
        self = try CassetteReader(source: source).read(text)
    }

    /// The whole file. What a file may not have is mended: secrets are left out, times that fall are raised.
    public func write() -> [UInt8] {
        var writer = CassetteWriter(
            format: format,
            status: status,
            fields: fields,
            headTime: headTime,
            recorded: recorded,
            request: request
        )
        var text = writer.head()
        for read in reads { text += writer.read(read.bytes, at: read.time) }
        return text + writer.end(ending, at: endTime, reason: reason)
    }
}

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
///  "recorded":"2026-01-31T12:00:00Z","request":{"method":"POST","path":"/v1/chat/completions","body":{…}}}
/// ```
/// (all of it in one line). `typebar_cassette` is the version of the file's format; `format` the ``WireFormat``;
/// `status` and `headers` those of the response, names in small letters. `recorded` is for people. `request` is what
/// was asked, any JSON object. Both may be absent.
///
/// Then a line for each read, `{"t":812345678,"text":"data: …\n\n"}`, or `{"t":812345678,"base64":"gJ+Y"}` where the
/// bytes are not valid UTF-8, as when a read ended inside a character. `t` is the time since the request was sent, in
/// nanoseconds of a monotonic clock; it never falls.
///
/// The last line tells how it ended, `{"t":2123456789,"end":"complete"}`, or `"reset"`, or `"timeout"`. A file
/// without it was cut, and is refused.
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

    /// How the body ended; the raw values are the names in the file.
    public enum Ending: String, CaseIterable, Sendable {
        /// As its framing says it should.
        case complete
        /// The connection broke.
        case reset
        /// Nothing came for longer than the recorder would wait.
        case timeout
    }

    /// The version of the file's format that is read and written.
    static let version = 1

    public var format: WireFormat
    public var status: Int
    public var fields: [Field]
    /// When it was recorded, for people.
    public var recorded: String?
    /// What was asked, an object.
    public var request: JSONValue?
    /// Times never fall.
    public var reads: [Read]
    public var ending: Ending
    /// When it ended, not before the last read.
    public var endTime: Nanoseconds

    public init(
        format: WireFormat,
        status: Int = 200,
        fields: [Field] = [],
        recorded: String? = nil,
        request: JSONValue? = nil,
        reads: [Read],
        ending: Ending = .complete,
        endTime: Nanoseconds
    ) {
        self.format = format
        self.status = status
        self.fields = fields
        self.recorded = recorded
        self.request = request
        self.reads = reads
        self.ending = ending
        self.endTime = endTime
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
            recorded: recorded,
            request: request
        )
        var text = writer.head()
        for read in reads { text += writer.read(read.bytes, at: read.time) }
        return text + writer.end(ending, at: endTime)
    }
}

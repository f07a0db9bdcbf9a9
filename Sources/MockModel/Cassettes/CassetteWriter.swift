// SPDX-License-Identifier: Apache-2.0

public import Conversation
public import JSON
public import Typewriter

/// Writes a ``Cassette``'s file as it is recorded: ``head()``, a line for each read, and ``end(_:at:)``.
public struct CassetteWriter: Sendable {
    private let line: [UInt8]
    private var lastTime: Nanoseconds

    /// Leaves out what may bear a secret.
    /// - Parameters:
    ///   - status: Nil where no head came.
    ///   - fields: The response's headers; several of a name become one, with commas.
    ///   - headTime: When the head came; nil is with the first read.
    ///   - recorded: The time of day, for people.
    ///   - request: What was asked, an object.
    public init(
        format: WireFormat,
        status: Int?,
        fields: [Cassette.Field],
        headTime: Nanoseconds? = nil,
        recorded: String? = nil,
        request: JSONValue? = nil
    ) {
        lastTime = headTime ?? 0
        line = JSONText.object { text in
            text.member("typebar_cassette", Cassette.version)
            text.member("format", format.rawValue)
            if let status { text.member("status", status) }
            text.objectMember("headers") { headers in
                for field in Self.joined(fields) { headers.member(field.name, field.value) }
            }
            if let headTime { text.member("t", Int(headTime)) }
            if let recorded { text.member("recorded", recorded) }
            if let request { text.member("request", RecordedRequest.withoutSecrets(request)) }
        }
    }

    /// The first line.
    public func head() -> [UInt8] { line + [0x0A] }

    /// The line of one read; nothing where no bytes were read.
    /// - Parameter time: Nanoseconds since the request was sent; one before the last one's counts as that.
    public mutating func read(_ bytes: [UInt8], at time: Nanoseconds) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        return timedLine(time) { text in
            if String(validating: bytes, as: UTF8.self) != nil {
                text.member("text", bytes)
            } else {
                text.member("base64", Base64.encode(bytes))
            }
        }
    }

    /// The last line.
    /// - Parameter reason: Why it ended so, for people.
    public mutating func end(_ ending: Cassette.Ending, at time: Nanoseconds, reason: String? = nil) -> [UInt8] {
        timedLine(time) { text in
            text.member("end", ending.rawValue)
            if let reason { text.member("reason", reason) }
        }
    }

    private mutating func timedLine(_ time: Nanoseconds, _ body: (inout JSONText) -> Void) -> [UInt8] {
        lastTime = max(lastTime, time)
        let time = lastTime
        return JSONText.object { text in
            text.member("t", Int(time))
            body(&text)
        } + [0x0A]
    }

    private static func joined(_ fields: [Cassette.Field]) -> [Cassette.Field] {
        var joined: [Cassette.Field] = []
        var places: [String: Int] = [:]
        for field in fields where !SecretFields.isSecret(field.name, field.value) {
            let name = field.name.lowercased()
            if let place = places[name] {
                joined[place].value += ", " + field.value
            } else {
                places[name] = joined.count
                joined.append(Cassette.Field(name: name, value: field.value))
            }
        }
        return joined
    }
}

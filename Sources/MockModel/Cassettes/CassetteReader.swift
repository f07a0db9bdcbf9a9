// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON
internal import Typewriter

/// Reads the file of a ``Cassette``, line by line.
struct CassetteReader {
    private let source: String
    private var line = 0
    private var cassette: Cassette?
    private var hasEnded = false

    init(source: String) {
        self.source = source
    }

    /// - Parameter text: The whole file.
    consuming func read(_ text: [UInt8]) throws(CassetteProblem) -> Cassette {
        for content in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
            line += 1
            guard content.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
            try read(line: object(Array(content)))
        }
        guard let cassette else { throw problem("The file is empty: a cassette begins with its head.") }
        guard hasEnded else {
            throw problem("The file was cut: its last line has to tell how the answer ended, {\"t\":…,\"end\":…}.")
        }
        return cassette
    }

    private mutating func read(line object: JSONValue) throws(CassetteProblem) {
        guard cassette != nil else {
            cassette = try head(object)
            return
        }
        if hasEnded { throw problem("There is a line after the one that tells the end.") }
        try check(object, known: ["t", "text", "base64", "end", "reason"])
        let time = try time(object["t"])
        guard let last = cassette?.endTime, time >= last else {
            throw problem("\"t\" is \(time), and falls: the line before has \(cassette?.endTime ?? 0).")
        }
        cassette?.endTime = time
        let reason = try text(object["reason"], "reason")
        guard object.members?.count == (reason == nil ? 2 : 3), reason == nil || object["end"] != nil else {
            throw problem("Beside \"t\" there has to be one of \"text\", \"base64\" and \"end\".")
        }
        if let end = object["end"] {
            let ending = try ending(end)
            cassette?.ending = ending
            cassette?.reason = reason
            hasEnded = true
        } else {
            guard cassette?.status != nil else { throw problem("There are bytes, and the head has no \"status\".") }
            let bytes = try bytes(of: object)
            if !bytes.isEmpty { cassette?.reads.append(Cassette.Read(time: time, bytes: bytes)) }
        }
    }

    private func ending(_ value: JSONValue) throws(CassetteProblem) -> Cassette.Ending {
        guard let name = value.text, let ending = Cassette.Ending(rawValue: name) else {
            let known = Cassette.Ending.allCases.map(\.rawValue).joined(separator: ", ")
            throw problem("\"end\" has to be one of \(known).")
        }
        return ending
    }

    private func bytes(of object: JSONValue) throws(CassetteProblem) -> [UInt8] {
        if let text = object["text"] {
            guard let bytes = text.bytes, String(validating: bytes, as: UTF8.self) != nil else {
                throw problem("\"text\" has to be a string of valid UTF-8; other bytes go into \"base64\".")
            }
            return bytes
        }
        guard let text = object["base64"]?.bytes, let bytes = Base64.decode(text) else {
            throw problem("\"base64\" has to be a string of Base64, with its padding.")
        }
        return bytes
    }

    // MARK: Head

    private func head(_ object: JSONValue) throws(CassetteProblem) -> Cassette {
        guard let version = object["typebar_cassette"]?.integer else {
            throw problem("The first line has to begin with {\"typebar_cassette\":\(Cassette.version),…}.")
        }
        guard version == Cassette.version else {
            throw problem("The file is of version \(version); version \(Cassette.version) can be read.")
        }
        try check(object, known: ["typebar_cassette", "format", "status", "headers", "t", "recorded", "request"])
        guard let name = object["format"]?.text, let format = WireFormat(rawValue: name) else {
            let known = WireFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw problem("\"format\" has to be one of \(known).")
        }
        let status = try object["status"].map(status)
        var headTime: Nanoseconds?
        if let time = object["t"] { headTime = try self.time(time) }
        return Cassette(
            format: format,
            status: status,
            fields: status == nil && object["headers"] == nil ? [] : try fields(object["headers"]),
            headTime: headTime,
            recorded: try text(object["recorded"], "recorded"),
            request: try request(object["request"]),
            reads: [],
            endTime: headTime ?? 0
        )
    }

    private func status(_ value: JSONValue) throws(CassetteProblem) -> Int {
        guard let status = value.integer, (100...599).contains(status) else {
            throw problem("\"status\" has to be an HTTP status, 100 to 599; left out where no head came.")
        }
        return status
    }

    private func time(_ value: JSONValue?) throws(CassetteProblem) -> Nanoseconds {
        guard let time = value?.integer, time >= 0 else {
            throw problem("\"t\" has to be the nanoseconds since the request was sent, a whole number.")
        }
        return Nanoseconds(time)
    }

    private func text(_ value: JSONValue?, _ name: String) throws(CassetteProblem) -> String? {
        guard let value else { return nil }
        guard let text = value.text else { throw problem("\"\(name)\" has to be a string.") }
        return text
    }

    private func fields(_ value: JSONValue?) throws(CassetteProblem) -> [Cassette.Field] {
        guard let members = value?.members else {
            throw problem("\"headers\" has to be an object; an empty one where there are none.")
        }
        var fields: [Cassette.Field] = []
        for member in members {
            guard let value = member.value.text else { throw problem("The header \"\(member.name)\" is no string.") }
            if SecretFields.isSecret(member.name, value) { throw secret(member.name) }
            fields.append(Cassette.Field(name: member.name, value: value))
        }
        return fields
    }

    private func request(_ value: JSONValue?) throws(CassetteProblem) -> JSONValue? {
        guard let value else { return nil }
        guard case .object = value else { throw problem("\"request\" has to be an object.") }
        if let name = RecordedRequest.firstSecret(in: value) { throw secret(name) }
        return value
    }

    // MARK: Problems

    private func object(_ content: [UInt8]) throws(CassetteProblem) -> JSONValue {
        let value: JSONValue
        do {
            value = try JSONReader.read(content)
        } catch {
            throw problem("The line is not JSON: at byte \(error.offset), \(error.reason).")
        }
        guard case .object = value else { throw problem("The line has to be a JSON object.") }
        return value
    }

    private func check(_ object: JSONValue, known: [String]) throws(CassetteProblem) {
        var seen: Set<String> = []
        for member in object.members ?? [] {
            guard known.contains(member.name) else {
                throw problem("There is no member \"\(member.name)\". Known here: \(known.joined(separator: ", ")).")
            }
            guard seen.insert(member.name).inserted else { throw problem("\"\(member.name)\" is there twice.") }
        }
    }

    private func secret(_ name: String) -> CassetteProblem {
        problem("\"\(name)\" may bear a secret: cassettes store none. Take it out, and make the secret void.")
    }

    private func problem(_ message: String) -> CassetteProblem {
        CassetteProblem(source: source, line: max(line, 1), message: message)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Text with places that each request fills, such as `{{ prompt }}`. `{{{{` stands for `{{`.
struct Template: Equatable, Sendable {
    /// What can stand between the braces.
    enum Value: Equatable, Sendable {
        case prompt
        case firstMessage
        case lastMessage
        /// From 0.
        case message(Int)
        case messageCount
        case model
        case system
        case toolResult
        case turn
        case seed
        case uuid
        case now
        /// Its name, in lower case.
        case header(String)
    }

    enum Part: Equatable, Sendable {
        case literal([UInt8])
        /// - Parameter isEscaped: It stands in a JSON string.
        case value(Value, isEscaped: Bool)
    }

    /// Why a text is no template, and how many lines after its first.
    struct Mistake: Error, Equatable {
        let message: String
        let line: Int
    }

    private static let names =
        "prompt, messages.last, messages.first, messages[0], messages.count, model, system, uuid, now, seed, "
        + "tool_result, turn, header.<name>"

    private(set) var parts: [Part] = []

    init() {}

    init(_ text: String) throws(Mistake) {
        let bytes = Array(text.utf8)
        var index = 0
        while let open = Self.braces(UInt8(ascii: "{"), in: bytes, from: index) {
            append(Array(bytes[index..<open]))
            if Self.braces(UInt8(ascii: "{"), in: bytes, from: open + 2) == open + 2 {
                append("{{")
                index = open + 4
                continue
            }
            func mistake(_ message: String) -> Mistake {
                Mistake(message: "\(message); write {{{{ for two braces", line: bytes[..<open].count { $0 == 0x0A })
            }
            guard let close = Self.braces(UInt8(ascii: "}"), in: bytes, from: open + 2) else {
                throw mistake("{{ has no }} after it")
            }
            let name = Self.trimmed(bytes[open + 2..<close])
            guard let value = Self.value(named: name) else {
                throw mistake("there is no {{ \(name.prefix(40)) }}; known: \(Self.names)")
            }
            parts.append(.value(value, isEscaped: false))
            index = close + 2
        }
        append(Array(bytes[index...]))
    }

    /// The same text inside a JSON string, without the quotes.
    var escaped: Template {
        var template = Template()
        template.parts = parts.map { part in
            switch part {
            case .literal(let bytes):
                var escaped: [UInt8] = []
                JSONText.appendEscaped(bytes.span, to: &escaped)
                return .literal(escaped)
            case .value(let value, _): return .value(value, isEscaped: true)
            }
        }
        return template
    }

    mutating func append(_ text: String) {
        append(Array(text.utf8))
    }

    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        guard case .literal(var joined) = parts.last else { return parts.append(.literal(bytes)) }
        // Held twice, the bytes would be copied each time.
        parts.removeLast()
        joined += bytes
        parts.append(.literal(joined))
    }

    mutating func append(_ other: Template) {
        for part in other.parts {
            if case .literal(let bytes) = part { append(bytes) } else { parts.append(part) }
        }
    }

    /// Where two of `brace` stand at or after `start`.
    private static func braces(_ brace: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + 1 < bytes.count {
            if bytes[index] == brace, bytes[index + 1] == brace { return index }
            index += 1
        }
        return nil
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        let name = bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return String(decoding: name, as: UTF8.self)
    }

    private static func value(named name: String) -> Value? {
        switch name {
        case "prompt": return .prompt
        case "messages.first": return .firstMessage
        case "messages.last": return .lastMessage
        case "messages.count": return .messageCount
        case "model": return .model
        case "system": return .system
        case "tool_result": return .toolResult
        case "turn": return .turn
        case "seed": return .seed
        case "uuid": return .uuid
        case "now": return .now
        default: break
        }
        if name.hasPrefix("header."), name.utf8.count > 7 { return .header(name.dropFirst(7).lowercased()) }
        guard name.hasPrefix("messages["), name.hasSuffix("]") else { return nil }
        return Int(name.dropFirst(9).dropLast()).flatMap { $0 >= 0 ? .message($0) : nil }
    }
}

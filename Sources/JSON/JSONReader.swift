// SPDX-License-Identifier: Apache-2.0

/// Reads JSON (RFC 8259) from bytes.
///
/// Our own, because Foundation's decoder refuses what streams of text really contain: one half of a surrogate pair
/// in a delta, and bytes of a UTF-8 sequence whose rest is in the next delta.
public struct JSONReader {
    /// Where and why a text is not JSON.
    public struct Malformed: Error, Equatable {
        /// Byte offset.
        public let offset: Int
        /// What was expected there.
        public let reason: String
    }

    /// Deeper nesting is refused, because reading it takes stack.
    private static let maximumDepth = 64

    private let bytes: [UInt8]
    private var index = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads one value, with nothing but white space around it.
    public static func read(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        var reader = JSONReader(bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.index == bytes.count else { throw reader.malformed("the end") }
        return value
    }

    private mutating func value(depth: Int) throws(Malformed) -> JSONValue {
        guard depth < Self.maximumDepth else { throw malformed("less nesting") }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(Malformed) -> JSONValue {
        index += 1
        var members: [JSONValue.Member] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw malformed("a name in quotes") }
            let name = String(decoding: try string(), as: UTF8.self)
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw malformed("a colon") }
            members.append(JSONValue.Member(name: name, value: try value(depth: depth + 1)))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw malformed("a comma or a closing brace") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(Malformed) -> JSONValue {
        index += 1
        var values: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(values) }
        repeat {
            values.append(try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw malformed("a comma or a closing bracket") }
        return .array(values)
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(Malformed) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard index + length <= bytes.count,
            word.withUTF8Buffer({ bytes[index..<index + length].elementsEqual($0) })
        else { throw malformed("a value") }
        index += length
        return value
    }

    private mutating func number() throws(Malformed) -> JSONValue {
        let start = index
        _ = take(UInt8(ascii: "-"))
        let firstDigit = peek
        let integerDigits = skipDigits()
        guard integerDigits > 0 else { throw malformed("a value") }
        guard integerDigits == 1 || firstDigit != UInt8(ascii: "0") else { throw malformed("no leading zero") }
        if take(UInt8(ascii: ".")), skipDigits() == 0 { throw malformed("a digit") }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if skipDigits() == 0 { throw malformed("a digit") }
        }
        return .number(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func string() throws(Malformed) -> [UInt8] {
        index += 1
        var content: [UInt8] = []
        while true {
            let runStart = index
            while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { index += 1 }
            content.append(contentsOf: bytes[runStart..<index])
            if take(UInt8(ascii: "\"")) { return content }
            guard take(UInt8(ascii: "\\")) else { throw malformed("a closing quote or an escape") }
            try escape(into: &content)
        }
    }

    private mutating func escape(into content: inout [UInt8]) throws(Malformed) {
        guard let byte = peek else { throw malformed("an escape") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(into: &content)
        default: throw malformed("an escape")
        }
    }

    private mutating func unicodeEscape(into content: inout [UInt8]) throws(Malformed) {
        let unit = try hexUnit()
        guard (0xD800...0xDBFF).contains(unit), peek == UInt8(ascii: "\\"), index + 1 < bytes.count,
            bytes[index + 1] == UInt8(ascii: "u")
        else { return Self.appendGeneralized(unit, to: &content) }
        let start = index
        index += 2
        let second = try hexUnit()
        guard (0xDC00...0xDFFF).contains(second) else {
            // Not its other half: it is read again, for it may be the first half of the next pair.
            index = start
            return Self.appendGeneralized(unit, to: &content)
        }
        let value = 0x10000 + (unit & 0x3FF) << 10 + second & 0x3FF
        content.append(UInt8(0xF0 | value >> 18))
        content.append(UInt8(0x80 | value >> 12 & 0x3F))
        content.append(UInt8(0x80 | value >> 6 & 0x3F))
        content.append(UInt8(0x80 | value & 0x3F))
    }

    private mutating func hexUnit() throws(Malformed) -> UInt32 {
        guard index + 4 <= bytes.count else { throw malformed("four hexadecimal digits") }
        var unit: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw malformed("four hexadecimal digits")
            }
            unit = unit << 4 | UInt32(digit)
        }
        index += 4
        return unit
    }

    /// As UTF-8 would write it, surrogates too (WTF-8).
    private static func appendGeneralized(_ unit: UInt32, to content: inout [UInt8]) {
        if unit < 0x80 {
            content.append(UInt8(unit))
        } else if unit < 0x800 {
            content.append(UInt8(0xC0 | unit >> 6))
            content.append(UInt8(0x80 | unit & 0x3F))
        } else {
            content.append(UInt8(0xE0 | unit >> 12))
            content.append(UInt8(0x80 | unit >> 6 & 0x3F))
            content.append(UInt8(0x80 | unit & 0x3F))
        }
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { index += 1 }
        return index - start
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private func malformed(_ expected: String) -> Malformed {
        Malformed(offset: index, reason: "expected \(expected)")
    }
}

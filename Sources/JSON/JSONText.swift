// SPDX-License-Identifier: Apache-2.0

/// Writes JSON (RFC 8259) to bytes, members in the order in which they are added.
public struct JSONText {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init() {}

    /// One object, written by `body`.
    public static func object(_ body: (inout JSONText) -> Void) -> [UInt8] {
        var text = JSONText()
        text.object(body)
        return text.bytes
    }

    public mutating func object(_ body: (inout JSONText) -> Void) {
        wrap(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    public mutating func array(_ body: (inout JSONText) -> Void) {
        wrap(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    /// The name of the member whose value is written next.
    public mutating func name(_ name: String) {
        string(Array(name.utf8))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func string(_ value: String) {
        string(Array(value.utf8))
    }

    /// Text as bytes of valid UTF-8.
    public mutating func string(_ value: [UInt8]) {
        separate()
        Self.appendString(value.span, to: &bytes)
    }

    public mutating func number(_ value: Int) {
        literal(String(value))
    }

    /// A finite number in its shortest form, whole ones without a fraction.
    public mutating func number(_ value: Double) {
        literal(Int(exactly: value).map(String.init) ?? String(value))
    }

    public mutating func bool(_ value: Bool) {
        literal(value ? "true" : "false")
    }

    public mutating func null() {
        literal("null")
    }

    /// A value as it was read: numbers keep their digits, strings are repaired where they are not valid UTF-8.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .number(let digits): literal(digits)
        case .string(let bytes): string(String(decoding: bytes, as: UTF8.self))
        case .array(let items):
            array { text in
                for item in items { text.value(item) }
            }
        case .object(let members):
            object { text in
                for member in members {
                    text.name(member.name)
                    text.value(member.value)
                }
            }
        }
    }

    /// A whole JSON value that has been written already.
    public mutating func json(_ value: [UInt8]) {
        separate()
        bytes.append(contentsOf: value)
    }

    // MARK: Members

    public mutating func member(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    public mutating func member(_ name: String, _ value: [UInt8]) {
        self.name(name)
        string(value)
    }

    public mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        number(value)
    }

    public mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    public mutating func member(_ name: String, _ value: JSONValue) {
        self.name(name)
        self.value(value)
    }

    public mutating func nullMember(_ name: String) {
        self.name(name)
        null()
    }

    public mutating func objectMember(_ name: String, _ body: (inout JSONText) -> Void) {
        self.name(name)
        object(body)
    }

    public mutating func arrayMember(_ name: String, _ body: (inout JSONText) -> Void) {
        self.name(name)
        array(body)
    }

    // MARK: Strings

    /// Appends `content`, which is valid UTF-8, as a JSON string in quotes.
    ///
    /// U+0085, U+2028 and U+2029 are escaped too: clients exist that split lines at them (httpx's `iter_lines`).
    public static func appendString(_ content: Span<UInt8>, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        appendEscaped(content, to: &out)
        out.append(UInt8(ascii: "\""))
    }

    /// As ``appendString(_:to:)``, without the quotes.
    public static func appendEscaped(_ content: Span<UInt8>, to out: inout [UInt8]) {
        var index = 0
        while index < content.count {
            let byte = content[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0..<0x20: appendControl(byte, to: &out)
            case 0xC2 where index < content.count && content[index] == 0x85:
                out.append(contentsOf: "\\u0085".utf8)
                index += 1
            case 0xE2 where index + 1 < content.count && content[index] == 0x80 && content[index + 1] & 0xFE == 0xA8:
                out.append(contentsOf: (content[index + 1] == 0xA8 ? "\\u2028" : "\\u2029").utf8)
                index += 2
            default: out.append(byte)
            }
        }
    }

    private static func appendControl(_ byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case 0x0A: out.append(contentsOf: "\\n".utf8)
        case 0x0D: out.append(contentsOf: "\\r".utf8)
        case 0x09: out.append(contentsOf: "\\t".utf8)
        default:
            let digits = Array("0123456789abcdef".utf8)
            out.append(contentsOf: "\\u00".utf8)
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func wrap(_ open: UInt8, _ close: UInt8, _ body: (inout JSONText) -> Void) {
        separate()
        bytes.append(open)
        needsComma = false
        body(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}

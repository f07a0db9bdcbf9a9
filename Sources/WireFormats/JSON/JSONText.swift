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

    /// Appends `content`, which is valid UTF-8, as a JSON string in quotes.
    public static func appendString(_ content: Span<UInt8>, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for index in content.indices {
            let byte = content[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0x0A: out.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
            case 0x0D: out.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
            case 0x09: out.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
            case 0..<0x20:
                out.append(contentsOf: "\\u00".utf8)
                let digits = Array("0123456789abcdef".utf8)
                out.append(digits[Int(byte >> 4)])
                out.append(digits[Int(byte & 15)])
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
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

// SPDX-License-Identifier: Apache-2.0

/// Tells whether the text of a JSON object or array has come to its end, by nothing but its brackets.
///
/// A text that was cut has a bracket open, wherever the cut is. So this finds every cut, as the text comes and at a small
/// part of what reading it costs; what else may be wrong with it stays unseen.
public struct JSONBrackets: Sendable {
    /// How many are open.
    private(set) var depth = 0
    private var hasBegun = false
    private var isString = false
    private var isEscaped = false

    public init() {}

    /// No bracket is open, and one has been.
    public var areClosed: Bool { hasBegun && depth == 0 }

    /// Takes the next bytes of the text.
    public mutating func take(_ bytes: Span<UInt8>) {
        for index in 0..<bytes.count { take(bytes[index]) }
    }

    mutating func take(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if isString {
            isEscaped = byte == UInt8(ascii: "\\")
            isString = byte != UInt8(ascii: "\"")
        } else {
            switch byte {
            case UInt8(ascii: "\""): isString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                hasBegun = true
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
    }

    /// Whether a text is one that has not been cut.
    public static func areClosed(in text: [UInt8]) -> Bool {
        var brackets = JSONBrackets()
        brackets.take(text.span)
        return brackets.areClosed
    }
}

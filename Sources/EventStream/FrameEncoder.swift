// SPDX-License-Identifier: Apache-2.0

/// Appends Server-Sent Events to a byte buffer (WHATWG HTML, section 9.2.5 "Parsing an event stream").
///
/// Works on bytes, never on `Character`: CRLF is one `Character` in Swift, so a splitter of characters lets a line
/// break through. Lines end with LF only, and exactly one space follows a colon, because a parser removes one.
public enum FrameEncoder {
    /// `retry: <milliseconds>` as a block of its own; browsers apply it as soon as the line is read.
    @inlinable
    public static func appendRetry(milliseconds: Int, to out: inout [UInt8]) {
        append("retry: ", to: &out)
        appendDecimal(UInt64(milliseconds), to: &out)
        append("\n\n", to: &out)
    }

    /// A comment without text: keeps proxies and dead-peer detection awake, and no client shows it.
    @inlinable
    public static func appendComment(to out: inout [UInt8]) {
        append(":\n\n", to: &out)
    }

    /// A comment that says something to a person who looks on: clients pass over it.
    /// - Parameter words: Without a line end.
    public static func appendComment(_ words: StaticString, to out: inout [UInt8]) {
        append(": ", to: &out)
        append(words, to: &out)
        append("\n\n", to: &out)
    }

    /// `event: <name>`; the name comes from our own fixed list, never from outside.
    @inlinable
    public static func appendEventName(_ name: StaticString, to out: inout [UInt8]) {
        append("event: ", to: &out)
        append(name, to: &out)
        out.append(UInt8(ascii: "\n"))
    }

    /// The `data:` lines of `payload`, and the blank line that dispatches the event.
    ///
    /// LF, CR and CRLF each start a new `data:` line, so the client sees LF; NUL, which Firefox drops, becomes
    /// U+FFFD.
    /// - Parameter afterCarriageReturn: The byte before `payload` in the text was a CR that has been sent as a line
    ///   break already: a leading LF is the second half of that break, and is left out.
    @inlinable
    public static func appendData(
        _ payload: Span<UInt8>,
        afterCarriageReturn: Bool = false,
        to out: inout [UInt8]
    ) {
        append("data: ", to: &out)
        var index = 0
        if afterCarriageReturn, !payload.isEmpty, payload[0] == 0x0A { index = 1 }
        while index < payload.count {
            let byte = payload[index]
            index += 1
            if byte > 0x0D {
                out.append(byte)
                continue
            }
            switch byte {
            case 0x0D:
                if index < payload.count, payload[index] == 0x0A { index += 1 }
                append("\ndata: ", to: &out)
            case 0x0A:
                append("\ndata: ", to: &out)
            case 0x00:
                append("\u{FFFD}", to: &out)
            default:
                out.append(byte)
            }
        }
        append("\n\n", to: &out)
    }

    /// Appends the UTF-8 bytes of a literal.
    @inlinable
    public static func append(_ literal: StaticString, to out: inout [UInt8]) {
        if literal.hasPointerRepresentation {
            literal.withUTF8Buffer { out.append(contentsOf: $0) }
        } else {
            out.append(contentsOf: String(literal.unicodeScalar).utf8)
        }
    }

    /// Appends `value` in decimal digits, without the `String` that interpolation would allocate.
    @inlinable
    public static func appendDecimal(_ value: UInt64, to out: inout [UInt8]) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            out.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}

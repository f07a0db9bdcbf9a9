// SPDX-License-Identifier: Apache-2.0

/// Passes over the scalars of JSON where they lie: no value is made. Each gives the end, or nil where it is none.
enum JSONScan {
    typealias Place = UnsafePointer<UInt8>

    /// The inside of a string that is not empty, up to its closing quote: valid UTF-8 without line breaks.
    @inline(__always)
    static func string(_ start: Place, _ end: Place) -> Place? {
        var at = start
        var all: UInt8 = 0
        while at < end {
            let byte = at.pointee
            if byte == UInt8(ascii: "\"") { break }
            if byte < 0x20 { return nil }
            all |= byte
            at += 1
            if byte == UInt8(ascii: "\\") {
                guard let next = escape(at, end) else { return nil }
                at = next
            }
        }
        guard at < end, at > start, all < 0x80 || isText(UnsafeBufferPointer(start: start, count: at - start)) else {
            return nil
        }
        return at
    }

    /// What follows a backslash.
    private static func escape(_ start: Place, _ end: Place) -> Place? {
        guard start < end else { return nil }
        switch start.pointee {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 1
        case UInt8(ascii: "u"):
            guard end - start >= 5 else { return nil }
            for offset in 1...4 where !isHex(start[offset]) { return nil }
            return start + 5
        default: return nil
        }
    }

    @inline(__always)
    private static func isHex(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
    }

    /// A number in JSON's grammar.
    @inline(__always)
    static func number(_ start: Place, _ end: Place) -> Place? {
        var at = start
        if at < end, at.pointee == UInt8(ascii: "-") { at += 1 }
        let first = at
        at = digits(at, end)
        guard at > first, at == first + 1 || first.pointee != UInt8(ascii: "0") else { return nil }
        if at < end, at.pointee == UInt8(ascii: ".") {
            let fraction = at + 1
            at = digits(fraction, end)
            if at == fraction { return nil }
        }
        if at < end, at.pointee | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < end, at.pointee == UInt8(ascii: "+") || at.pointee == UInt8(ascii: "-") { at += 1 }
            let exponent = at
            at = digits(exponent, end)
            if at == exponent { return nil }
        }
        return at
    }

    /// Numbers with commas between them, and blanks after the commas.
    static func numbers(_ start: Place, _ end: Place) -> Place? {
        var at = start
        while let next = number(at, end) {
            guard next < end, next.pointee == UInt8(ascii: ",") else { return next }
            at = next + 1
            while at < end, at.pointee == 0x20 { at += 1 }
        }
        return nil
    }

    @inline(__always)
    static func digits(_ start: Place, _ end: Place) -> Place {
        var at = start
        while at < end, at.pointee &- 0x30 < 10 { at += 1 }
        return at
    }

    /// The value of nothing but digits, at most 18 of them; nil for anything else.
    @inline(__always)
    static func integer(_ start: Place, _ end: Place) -> Int64? {
        guard end > start, end - start <= 18 else { return nil }
        var value: Int64 = 0
        var at = start
        while at < end {
            let digit = at.pointee &- 0x30
            if digit >= 10 { return nil }
            value = value &* 10 &+ Int64(digit)
            at += 1
        }
        return value
    }

    /// Valid UTF-8.
    static func isText(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        do {
            _ = try UTF8Span(validating: bytes.span)
            return true
        } catch {
            return false
        }
    }

    /// How many bytes of UTF-8 the inside of a valid string stands for; half of a surrogate pair counts as U+FFFD.
    static func textLength(_ start: Place, _ end: Place) -> Int {
        var length = 0
        var at = start
        while at < end {
            guard at.pointee == UInt8(ascii: "\\"), end - at >= 2 else {
                at += 1
                length += 1
                continue
            }
            guard at[1] == UInt8(ascii: "u"), end - at >= 6 else {
                at += 2
                length += 1
                continue
            }
            let unit = hex(at + 2)
            at += 6
            let isPair =
                unit & 0xFC00 == 0xD800 && end - at >= 6 && at[0] == UInt8(ascii: "\\")
                && at[1] == UInt8(ascii: "u") && hex(at + 2) & 0xFC00 == 0xDC00
            if isPair { at += 6 }
            length += isPair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3
        }
        return length
    }

    private static func hex(_ start: Place) -> UInt32 {
        var value: UInt32 = 0
        for offset in 0..<4 {
            let byte = start[offset]
            value = value << 4 | UInt32(byte < 0x3A ? byte &- 0x30 : (byte | 0x20) &- 0x61 &+ 10) & 0xF
        }
        return value
    }
}

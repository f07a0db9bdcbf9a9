// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension PlainEvent {
    /// A stream's name in typebar's ids; a full stop and an offset follow.
    private static let nameLength = 26
    private static let deltaOpening: StaticString = #"{"delta":""#
    private static let deltaClosing: StaticString = #""}"#

    /// The offset in an id of typebar's; nil where it is another's, or tells none.
    @inline(__always)
    var offset: Int64? {
        guard id.count > Self.nameLength + 1, id.count < Self.nameLength + 20, let start = id.baseAddress,
            id[Self.nameLength] == UInt8(ascii: ".")
        else { return nil }
        return JSONScan.integer(start + Self.nameLength + 1, start + id.count)
    }

    /// The number that an id is.
    var number: Int64? {
        guard let start = id.baseAddress else { return nil }
        return JSONScan.integer(start, start + id.count)
    }

    /// How many bytes of the model's text the unit can stand for: a break is shown as one byte, and was one or two; NUL
    /// is shown as U+FFFD.
    @inline(__always)
    var textLengths: ClosedRange<Int64> {
        if let delta = deltaLength { return delta...delta }
        let length = Int64(max(0, length))
        // An empty one is the LF of a CRLF whose CR was the unit before.
        if length == 0 { return 1...1 }
        return length - 2 * replacements...length + Int64(breaks)
    }

    /// Where the data is `{"delta":"…"}`: the length of its text.
    @inline(__always)
    private var deltaLength: Int64? {
        let opening = Self.deltaOpening.utf8CodeUnitCount
        guard breaks == 0, data.count > opening + 2, let start = data.baseAddress,
            memcmp(start, Self.deltaOpening.utf8Start, opening) == 0,
            memcmp(start + data.count - 2, Self.deltaClosing.utf8Start, 2) == 0
        else { return nil }
        return Int64(JSONScan.textLength(start + opening, start + data.count - 2))
    }

    /// Times that U+FFFD occurs.
    private var replacements: Int64 {
        var count: Int64 = 0
        var at = 0
        while at + 2 < data.count {
            let isOne = data[at] == 0xEF && data[at + 1] == 0xBF && data[at + 2] == 0xBD
            count += isOne ? 1 : 0
            at += isOne ? 3 : 1
        }
        return count
    }

    /// The last line of the unit is empty: the text ended with a break.
    @inline(__always)
    var endsLine: Bool { breaks > 0 && data.isEmpty }
}

// SPDX-License-Identifier: Apache-2.0

/// One line of a frame, ended by LF, CR or CRLF.
struct FrameLine {
    /// Offsets of its bytes in the frame, without those that end it.
    var content: Range<Int>
    /// Offset after what ends it; that of the content's end where nothing does.
    var end: Int

    static func lines(of bytes: [UInt8]) -> [FrameLine] {
        var lines: [FrameLine] = []
        var start = 0
        while start < bytes.count {
            var contentEnd = start
            while contentEnd < bytes.count, bytes[contentEnd] != 0x0A, bytes[contentEnd] != 0x0D { contentEnd += 1 }
            var end = min(contentEnd + 1, bytes.count)
            if end < bytes.count, bytes[contentEnd] == 0x0D, bytes[end] == 0x0A { end += 1 }
            lines.append(FrameLine(content: start..<contentEnd, end: end))
            start = end
        }
        return lines
    }

    /// Whether it is a `data:` line of an event stream.
    func isData(in bytes: [UInt8]) -> Bool {
        bytes[content].starts(with: "data:".utf8)
    }

    /// Offsets of what a `data:` line says: after the colon, and the blank that may follow.
    func payload(in bytes: [UInt8]) -> Range<Int> {
        var start = content.lowerBound + 5
        if start < content.upperBound, bytes[start] == 0x20 { start += 1 }
        return start..<content.upperBound
    }
}

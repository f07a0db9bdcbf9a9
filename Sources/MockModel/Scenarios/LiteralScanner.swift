// SPDX-License-Identifier: Apache-2.0

/// Finds which of many literals stand in a text, in one pass.
///
/// A few bytes of each literal, its window, are kept in a hash table; only where the text has such bytes is the
/// literal compared. The window is the one that the fewest other literals have too.
struct LiteralScanner: Sendable {
    struct Literal {
        /// As long as the window, or longer.
        let bytes: [UInt8]
        /// The mark that tells that it was found; several literals may share one.
        let mark: Int
    }

    private struct Entry {
        let window: UInt32
        /// Of the byte behind the window in the literal.
        let end: Int
        let literal: Literal
    }

    static let maximumWindow = 4
    private static let bucketsPerLiteral = 16

    private let windowLength: Int
    /// Takes a hash to its bucket.
    private let hashShift: UInt32
    /// Where the entries of each bucket begin; those of the last end at the last number.
    private let starts: [UInt32]
    private let entries: [Entry]

    /// - Parameter windowLength: 1 to 4 bytes.
    init(_ literals: [Literal], windowLength: Int) {
        self.windowLength = windowLength
        var frequencies: [UInt32: Int] = [:]
        for literal in literals {
            for (_, window) in Self.windows(of: literal.bytes, windowLength) { frequencies[window, default: 0] += 1 }
        }
        let entries = literals.compactMap { literal in
            Self.windows(of: literal.bytes, windowLength)
                .min { frequencies[$0.window] ?? 0 < frequencies[$1.window] ?? 0 }
                .map { Entry(window: $0.window, end: $0.end, literal: literal) }
        }
        let bits = max(8, Int.bitWidth - (entries.count * Self.bucketsPerLiteral).leadingZeroBitCount)
        let shift = UInt32(max(0, UInt32.bitWidth - bits))
        var starts = [UInt32](repeating: 0, count: (1 << (UInt32.bitWidth - Int(shift))) + 1)
        for entry in entries { starts[Self.bucket(entry.window, shift) + 1] += 1 }
        for index in starts.indices.dropFirst() { starts[index] += starts[index - 1] }
        hashShift = shift
        self.starts = starts
        self.entries = entries.sorted { Self.bucket($0.window, shift) < Self.bucket($1.window, shift) }
    }

    /// Inserts the marks of the literals that stand in `text`.
    func scan(_ text: [UInt8], into marks: inout MarkSet) {
        let bytes = text.span
        let starts = starts.span
        let unused = UInt32(8 * (Self.maximumWindow - windowLength))
        var last: UInt32 = 0
        for index in bytes.indices {
            last = last >> 8 | UInt32(bytes[index]) << 24
            let window = last >> unused
            let bucket = Self.bucket(window, hashShift)
            let first = Int(starts[bucket])
            let end = Int(starts[bucket + 1])
            if first < end { compare(first..<end, window, at: index + 1, of: bytes, into: &marks) }
        }
    }

    /// Compares the literals of `candidates` that have this window, which ends at `position` in `bytes`.
    private func compare(
        _ candidates: Range<Int>,
        _ window: UInt32,
        at position: Int,
        of bytes: borrowing Span<UInt8>,
        into marks: inout MarkSet
    ) {
        let entries = entries.span
        for index in candidates where entries[index].window == window {
            let start = position - entries[index].end
            let count = entries[index].literal.bytes.count
            let mark = entries[index].literal.mark
            guard start >= 0, count <= bytes.count - start, !marks.contains(mark) else { continue }
            let literal = entries[index].literal.bytes.span
            if literal.indices.allSatisfy({ literal[$0] == bytes[start + $0] }) {
                marks.insert(mark)
            }
        }
    }

    private static func bucket(_ window: UInt32, _ shift: UInt32) -> Int {
        // Fibonacci hashing: the golden ratio of 2^32.
        Int((window &* 0x9E37_79B1) >> shift)
    }

    /// The windows of a literal, the latest byte highest, and where each ends.
    private static func windows(of bytes: [UInt8], _ length: Int) -> [(end: Int, window: UInt32)] {
        var last: UInt32 = 0
        var windows: [(end: Int, window: UInt32)] = []
        for (index, byte) in bytes.enumerated() {
            last = last >> 8 | UInt32(byte) << 24
            if index + 1 >= length { windows.append((index + 1, last >> UInt32(8 * (maximumWindow - length)))) }
        }
        return windows
    }
}

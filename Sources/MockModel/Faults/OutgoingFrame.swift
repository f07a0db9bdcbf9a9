// SPDX-License-Identifier: Apache-2.0

/// A frame on its way to the network: its bytes, where writes have to end, and padding that is made as it leaves.
struct OutgoingFrame {
    /// So many copies of a byte, before the byte at `offset`.
    struct Padding: Equatable {
        var offset: Int
        var byte: UInt8
        var count: Int
    }

    /// The most bytes of padding in one write.
    private static let longestRun = 64 << 10

    private var bytes: [UInt8]
    private var padding: Padding?
    /// Offsets at which a write ends, the next one last.
    private var cuts: [Int]
    private var position = 0
    /// Bytes it has, gone or not.
    private var whole: Int

    /// What all its copies and neighbours are counted by.
    var isUnit = false
    /// The connection is closed after it.
    var isLast = false

    /// - Parameter padding: Lies between writes of its own, and is never split.
    init(_ bytes: [UInt8], padding: Padding? = nil, splits: [Fault.Split] = [], isEventStream: Bool = true) {
        self.bytes = bytes
        self.padding = padding
        let offsets = splits.flatMap { Self.offsets(of: $0, in: bytes, isEventStream: isEventStream) }
        cuts = Set(offsets).sorted(by: >)
        whole = bytes.count + (padding?.count ?? 0)
    }

    /// Bytes that have not left.
    var count: Int { bytes.count - position + (padding?.count ?? 0) }

    var isEmpty: Bool { count == 0 }

    /// Nothing has left.
    var isUntouched: Bool { count == whole }

    /// Bytes of the next write.
    var nextCount: Int {
        guard let padding, padding.count > 0 else { return nextCut(before: bytes.count) - position }
        guard position < padding.offset else { return min(padding.count, Self.longestRun) }
        return nextCut(before: padding.offset) - position
    }

    /// Takes the next write, or its first `limit` bytes.
    mutating func take(atMost limit: Int) -> [UInt8] {
        let count = min(nextCount, max(limit, 0))
        if let padding, padding.count > 0, position == padding.offset {
            self.padding?.count -= count
            return [UInt8](repeating: padding.byte, count: count)
        }
        defer { position += count }
        let part = count == bytes.count ? bytes : Array(bytes[position..<position + count])
        while let cut = cuts.last, cut <= position + count { cuts.removeLast() }
        return part
    }

    /// Keeps the first half alone, at least a byte. Only before anything is taken.
    mutating func halve() {
        var kept = max(count / 2, 1)
        if let padding, kept > padding.offset {
            let run = min(padding.count, kept - padding.offset)
            self.padding?.count = run
            kept -= run
        } else {
            padding = nil
        }
        bytes = Array(bytes[..<kept])
        cuts.removeAll { $0 >= kept }
        whole = count
    }

    private func nextCut(before end: Int) -> Int {
        min(cuts.last ?? end, end)
    }

    /// Where `split` ends writes. In a body that is no event stream there is no `data:`, so its frames are cut in the
    /// middle.
    private static func offsets(of split: Fault.Split, in bytes: [UInt8], isEventStream: Bool) -> [Int] {
        guard bytes.count > 1 else { return [] }
        switch split {
        case .utf8: return (1..<bytes.count).filter { bytes[$0] & 0xC0 == 0x80 }
        case .crlf: return (1..<bytes.count).filter { bytes[$0 - 1] == 0x0D && bytes[$0] == 0x0A }
        case .bytes: return Array(1..<bytes.count)
        case .data:
            guard isEventStream else { return [bytes.count / 2] }
            return FrameLine.lines(of: bytes).filter { $0.isData(in: bytes) }
                // Frames of many lengths are thus cut after each of the four letters.
                .map { $0.content.lowerBound + 1 + bytes.count % 4 }
        }
    }
}

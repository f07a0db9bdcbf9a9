// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Finds where the events of a body end: at a blank line, whose lines end with LF, CR or both (WHATWG HTML, section
/// 9.2.6), or at each line end, in JSON lines.
///
/// A state machine over pieces that are cut anywhere. An event that lies whole in a piece is given where it lies; the
/// bytes of one that is cut are kept until the rest has come.
struct EventSplitter {
    /// A piece of the body, and the next line ends in it, as far as they have been looked for.
    struct Piece {
        var cursor: ByteCursor
        fileprivate var lineFeed: UnsafePointer<UInt8>
        fileprivate var carriageReturn: UnsafePointer<UInt8>

        @inline(__always)
        init(_ cursor: ByteCursor) {
            self.cursor = cursor
            // Before the first byte: to be looked for.
            lineFeed = cursor.next - 1
            carriageReturn = lineFeed
        }
    }

    enum Step {
        /// Nothing more ends in the piece.
        case more
        /// An event without its blank line, where it lies in the piece.
        case event(UnsafeBufferPointer<UInt8>)
        /// An event that began in an earlier piece: it lies in ``carry``, which is to be emptied.
        case carried
        case tooLarge
    }

    /// A longer event is no answer, in bytes.
    private static let most = 8 << 20
    /// Room that is kept for the next event that is cut, in bytes.
    private static let keptRoom = 1 << 10

    /// What has come of an event that is cut; of the head, before there is a body.
    var carry: [UInt8] = []
    /// An event a line.
    var isLines = false
    private var isLineEmpty = true
    /// The last line ended with CR, with which an LF would belong together.
    private var hasCarriageReturn = false

    init() {}

    mutating func emptyCarry() {
        carry.removeAll(keepingCapacity: carry.capacity <= Self.keptRoom)
    }

    @inline(__always)
    mutating func next(_ piece: inout Piece) -> Step {
        isLines ? nextLine(&piece) : nextEvent(&piece)
    }

    private mutating func nextLine(_ piece: inout Piece) -> Step {
        let start = piece.cursor.next
        guard let found = memchr(start, 0x0A, piece.cursor.count) else { return keep(&piece, from: start) }
        let end = UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
        piece.cursor.next = end + 1
        return finish(from: start, to: end)
    }

    @inline(__always)
    private mutating func nextEvent(_ piece: inout Piece) -> Step {
        var start = piece.cursor.next
        let end = piece.cursor.end
        var line = start
        if hasCarriageReturn {
            hasCarriageReturn = false
            if start < end, start.pointee == 0x0A {
                line += 1
                if carry.isEmpty { start = line }
            }
        }
        while line < end {
            let lineEnd = Self.lineEnd(from: line, &piece)
            if lineEnd == end { break }
            var next = lineEnd + 1
            if lineEnd.pointee == 0x0D {
                if next == end {
                    hasCarriageReturn = true
                } else if next.pointee == 0x0A {
                    next += 1
                }
            }
            if lineEnd == line, isLineEmpty {
                piece.cursor.next = next
                if line > start || !carry.isEmpty { return finish(from: start, to: line) }
                start = next
            }
            isLineEmpty = true
            line = next
        }
        if line < end { isLineEmpty = false }
        return keep(&piece, from: start)
    }

    /// The first line end from `line` on; the piece's end where there is none.
    @inline(__always)
    private static func lineEnd(from line: UnsafePointer<UInt8>, _ piece: inout Piece) -> UnsafePointer<UInt8> {
        let end = piece.cursor.end
        if piece.lineFeed < line { piece.lineFeed = find(0x0A, line, end) }
        if piece.carriageReturn < line { piece.carriageReturn = find(0x0D, line, end) }
        return min(piece.lineFeed, piece.carriageReturn)
    }

    @inline(__always)
    private static func find(
        _ byte: Int32,
        _ start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        guard let found = memchr(start, byte, end - start) else { return end }
        return UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
    }

    @inline(__always)
    private mutating func finish(from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>) -> Step {
        let bytes = UnsafeBufferPointer(start: start, count: end - start)
        if carry.isEmpty { return .event(bytes) }
        carry.append(contentsOf: bytes)
        return carry.count > Self.most ? .tooLarge : .carried
    }

    private mutating func keep(_ piece: inout Piece, from start: UnsafePointer<UInt8>) -> Step {
        piece.cursor.next = piece.cursor.end
        carry.append(contentsOf: UnsafeBufferPointer(start: start, count: piece.cursor.end - start))
        return carry.count > Self.most ? .tooLarge : .more
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Where the body of a response ends, and where its chunks do (RFC 9112, sections 6 and 7.1).
///
/// A state machine: bytes cut anywhere go in, the body's bytes come out where they lie.
struct BodyFraming {
    enum Phase: UInt8 {
        case head
        case chunkSize
        case chunkExtension
        case chunkSizeEnd
        case chunk
        case chunkEnd
        case chunkLineFeed
        case trailers
        case length
        case untilClose
        case done
    }

    enum Step {
        /// The next bytes of the body; never none.
        case piece(UnsafeBufferPointer<UInt8>)
        case more
        case done
        case broken
    }

    /// Extensions and trailers beyond this are no answer, in bytes.
    private static let mostAside = 64 << 10
    private static let mostDigits = 15

    private(set) var phase = Phase.head
    /// Of the chunk, or of the body; of the line, in trailers.
    private var remaining = 0
    /// Digits of the chunk's size so far, or bytes of an extension or of the trailers.
    private var aside: Int32 = 0

    init() {}

    /// The head is over.
    mutating func begin(_ length: ResponseHead.Length) {
        switch length {
        case .chunked: beginSize()
        case .bytes(let count):
            remaining = count
            phase = count == 0 ? .done : .length
        case .untilClose: phase = .untilClose
        }
    }

    @inline(__always)
    mutating func next(_ cursor: inout ByteCursor) -> Step {
        while true {
            switch phase {
            case .chunk, .length:
                if cursor.isAtEnd { return .more }
                let count = min(remaining, cursor.count)
                remaining -= count
                if remaining == 0 { phase = phase == .chunk ? .chunkEnd : .done }
                return .piece(cursor.take(count))
            case .untilClose: return cursor.isAtEnd ? .more : .piece(cursor.take(cursor.count))
            case .done: return .done
            case .head: return .more
            default:
                guard let byte = cursor.byte() else { return .more }
                guard takeLine(byte) else { return .broken }
            }
        }
    }

    private mutating func beginSize() {
        phase = .chunkSize
        remaining = 0
        aside = 0
    }

    /// A byte between chunks; false where it has no business there.
    @inline(__always)
    private mutating func takeLine(_ byte: UInt8) -> Bool {
        switch phase {
        case .chunkSize: return takeSize(byte)
        case .chunkSizeEnd:
            guard byte == 0x0A else { return false }
            beginChunk()
        case .chunkEnd:
            guard byte == 0x0D || byte == 0x0A else { return false }
            phase = .chunkLineFeed
            if byte == 0x0A { beginSize() }
        case .chunkLineFeed:
            guard byte == 0x0A else { return false }
            beginSize()
        case .chunkExtension:
            aside += 1
            if byte == 0x0A { beginChunk() }
            return aside < Self.mostAside
        default: return takeTrailer(byte)
        }
        return true
    }

    @inline(__always)
    private mutating func takeSize(_ byte: UInt8) -> Bool {
        let digit: UInt8
        switch byte {
        case 0x30...0x39: digit = byte - 0x30
        case 0x41...0x46: digit = byte - 0x41 + 10
        case 0x61...0x66: digit = byte - 0x61 + 10
        default: return endSize(byte)
        }
        remaining = remaining << 4 | Int(digit)
        aside += 1
        return aside <= Self.mostDigits
    }

    private mutating func endSize(_ byte: UInt8) -> Bool {
        guard aside > 0 else { return false }
        switch byte {
        case 0x0D: phase = .chunkSizeEnd
        case 0x0A: beginChunk()
        case UInt8(ascii: ";"), 0x20, 0x09:
            phase = .chunkExtension
            aside = 0
        default: return false
        }
        return true
    }

    private mutating func beginChunk() {
        phase = remaining == 0 ? .trailers : .chunk
        aside = 0
    }

    private mutating func takeTrailer(_ byte: UInt8) -> Bool {
        aside += 1
        switch byte {
        case 0x0A where remaining == 0: phase = .done
        case 0x0A: remaining = 0
        case 0x0D: break
        default: remaining += 1
        }
        return aside < Self.mostAside
    }
}

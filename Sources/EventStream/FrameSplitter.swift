// SPDX-License-Identifier: Apache-2.0

/// Finds where the frames of a stream end, and changes nothing: for whoever passes them on whole.
///
/// A state machine over bytes that are cut anywhere.
public struct FrameSplitter: Sendable {
    public enum Kind: Sendable {
        /// Server-Sent Events: a blank line ends a frame (WHATWG HTML, section 9.2.6). A line ends with LF, CR or both.
        case events
        /// A frame a line: NDJSON.
        case lines
    }

    private let kind: Kind
    private var isLineEmpty = true
    private var hasCarriageReturn = false

    public init(_ kind: Kind) {
        self.kind = kind
    }

    /// The offsets after the last byte of each frame that ends in `bytes`.
    public mutating func ends(in bytes: Span<UInt8>) -> [Int] {
        var ends: [Int] = []
        for index in 0..<bytes.count {
            switch bytes[index] {
            case 0x0A where hasCarriageReturn:
                hasCarriageReturn = false
                // The LF of a CRLF belongs to the frame that its CR has ended.
                if ends.last == index { ends[ends.count - 1] = index + 1 }
            case 0x0A: endLine(at: index, &ends)
            case 0x0D where kind == .events:
                endLine(at: index, &ends)
                hasCarriageReturn = true
            default:
                isLineEmpty = false
                hasCarriageReturn = false
            }
        }
        return ends
    }

    private mutating func endLine(at index: Int, _ ends: inout [Int]) {
        hasCarriageReturn = false
        if isLineEmpty || kind == .lines { ends.append(index + 1) }
        isLineEmpty = true
    }
}

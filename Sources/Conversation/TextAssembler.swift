// SPDX-License-Identifier: Apache-2.0

/// Makes valid UTF-8 of a model's text, whose deltas may be cut anywhere.
///
/// A sequence cut over two deltas is joined, and so is a surrogate pair, whose halves arrive as the three-byte forms
/// of WTF-8 (a JSON string can hold one half alone). What stays invalid becomes U+FFFD, one for each maximal
/// subpart (Unicode 16, section 3.9).
public struct TextAssembler: Sendable {
    private enum Scan {
        /// A valid scalar of that many bytes.
        case scalar(Int)
        /// A high surrogate and the low one after it, six bytes.
        case surrogatePair
        /// That many bytes stand for nothing.
        case invalid(Int)
        /// The bytes end too early to tell.
        case incomplete
    }

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// The tail that waits for the next delta: never more than five bytes.
    private var held: [UInt8] = []

    public init() {}

    /// Adds a delta; gives the text that is whole now.
    public mutating func append(_ delta: [UInt8]) -> [UInt8] {
        if held.isEmpty, delta.allSatisfy({ $0 < 0x80 }) { return delta }
        let bytes = held + delta
        held = []
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            switch Self.scan(bytes[index...]) {
            case .scalar(let length):
                text.append(contentsOf: bytes[index..<index + length])
                index += length
            case .surrogatePair:
                Self.appendPair(bytes[index..<index + 6], to: &text)
                index += 6
            case .invalid(let length):
                text.append(contentsOf: Self.replacement)
                index += length
            case .incomplete:
                held = Array(bytes[index...])
                return text
            }
        }
        return text
    }

    /// The model has said all: gives what the held tail is worth.
    public mutating func finish() -> [UInt8] {
        defer { held = [] }
        return held.isEmpty ? [] : held.count > 3 ? Self.replacement + Self.replacement : Self.replacement
    }

    private static func scan(_ bytes: ArraySlice<UInt8>) -> Scan {
        let start = bytes.startIndex
        let lead = bytes[start]
        let length: Int
        switch lead {
        case 0x00...0x7F: return .scalar(1)
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return .invalid(1)
        }
        for offset in 1..<length {
            guard start + offset < bytes.endIndex else { return .incomplete }
            let byte = bytes[start + offset]
            guard offset == 1 ? secondBytes(after: lead).contains(byte) : (0x80...0xBF).contains(byte) else {
                return .invalid(offset)
            }
        }
        guard lead == 0xED, bytes[start + 1] >= 0xA0 else { return .scalar(length) }
        return scanSurrogate(bytes)
    }

    /// As in Unicode's table 3-7, but that the surrogates (ED A0 to ED BF) pass: ``scanSurrogate(_:)`` sees to them.
    private static func secondBytes(after lead: UInt8) -> ClosedRange<UInt8> {
        switch lead {
        case 0xE0: 0xA0...0xBF
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }

    private static func scanSurrogate(_ bytes: ArraySlice<UInt8>) -> Scan {
        let start = bytes.startIndex
        guard bytes[start + 1] < 0xB0 else { return .invalid(3) }
        let expected: [ClosedRange<UInt8>] = [0xED...0xED, 0xB0...0xBF, 0x80...0xBF]
        for (offset, range) in expected.enumerated() {
            guard start + 3 + offset < bytes.endIndex else { return .incomplete }
            guard range.contains(bytes[start + 3 + offset]) else { return .invalid(3) }
        }
        return .surrogatePair
    }

    private static func appendPair(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
        func tenBits(at index: Int) -> UInt32 {
            UInt32(bytes[index + 1] & 0x0F) << 6 | UInt32(bytes[index + 2] & 0x3F)
        }
        let value = 0x10000 + tenBits(at: bytes.startIndex) << 10 + tenBits(at: bytes.startIndex + 3)
        guard let scalar = Unicode.Scalar(value) else {
            text.append(contentsOf: replacement)
            return
        }
        text.append(contentsOf: String(scalar).utf8)
    }
}

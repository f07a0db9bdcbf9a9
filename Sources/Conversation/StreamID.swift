// SPDX-License-Identifier: Apache-2.0

/// The name of a stream: 128 random bits, written as 26 characters of lower-case base32 (RFC 4648, no padding).
public struct StreamID: Hashable, Sendable {
    private static let digits = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    private static let length = 26

    private let high: UInt64
    private let low: UInt64

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new name that nobody can guess.
    public static func random() -> StreamID {
        var generator = SystemRandomNumberGenerator()
        return StreamID(high: generator.next(), low: generator.next())
    }

    /// Reads a name as it was written; nil where it is none.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.length else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for byte in text.utf8 {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - UInt8(ascii: "a")
            case UInt8(ascii: "2")...UInt8(ascii: "7"): digit = byte - UInt8(ascii: "2") + 26
            default: return nil
            }
            // 26 digits hold 130 bits: the first one has two bits to spare, which are 0.
            guard high >> 59 == 0 else { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(digit)
        }
        self.init(high: high, low: low)
    }

    /// Appends the 26 characters.
    public func append(to out: inout [UInt8]) {
        out.append(Self.digits[Int(high >> 61)])
        var shift = 120
        while shift >= 0 {
            let bits =
                if shift >= 64 {
                    high >> UInt64(shift - 64)
                } else if shift > 59 {
                    high << UInt64(64 - shift) | low >> UInt64(shift)
                } else {
                    low >> UInt64(shift)
                }
            out.append(Self.digits[Int(bits & 31)])
            shift -= 5
        }
    }
}

extension StreamID: CustomStringConvertible {
    public var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

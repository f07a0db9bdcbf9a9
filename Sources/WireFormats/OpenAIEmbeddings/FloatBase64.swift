// SPDX-License-Identifier: Apache-2.0

/// Vectors as OpenAI packs them: each number's 32 bits (IEEE 754), lowest byte first, all of it in base64 (RFC 4648).
enum FloatBase64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ values: [Float]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((values.count * 4 + 2) / 3 * 4)
        var bits: UInt32 = 0
        var count = 0
        for value in values {
            for shift in stride(from: 0, to: 32, by: 8) {
                bits = bits << 8 | value.bitPattern >> UInt32(shift) & 0xFF
                count += 1
                guard count == 3 else { continue }
                append(bits, digits: 4, to: &text)
                bits = 0
                count = 0
            }
        }
        if count > 0 {
            append(bits << UInt32(8 * (3 - count)), digits: count + 1, to: &text)
            text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - count))
        }
        return text
    }

    /// Appends the first `digits` of the four that 24 bits make.
    private static func append(_ bits: UInt32, digits count: Int, to text: inout [UInt8]) {
        for place in 0..<count { text.append(digits[Int(bits >> UInt32(18 - 6 * place) & 63)]) }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What is the same in all parts of an answer, whatever it says.
public struct AnswerIdentity: Equatable, Sendable {
    /// The model's name as clients see it.
    public var model: String
    /// Names are drawn from it: the same seed gives the same ids.
    public var seed: UInt64
    /// Unix time in nanoseconds.
    public var created: Int64
    /// The tokens asked with, for formats that tell them before the answer.
    public var inputTokens: Int

    public init(model: String, seed: UInt64, created: Int64, inputTokens: Int) {
        self.model = model
        self.seed = seed
        self.created = created
        self.inputTokens = inputTokens
    }

    /// Unix time in seconds.
    public var createdSeconds: Int { Int(created / 1_000_000_000) }

    /// A name of `length` letters and digits after `prefix`.
    /// - Parameter salt: Tells apart the names of one answer.
    public func name(_ prefix: String, length: Int = 24, salt: UInt64 = 0) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var text = Array(prefix.utf8)
        for letter in letters(length, salt: salt) { text.append(digits[Int(letter % 62)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// A name of `length` hexadecimal digits after `prefix`.
    public func hexName(_ prefix: String, length: Int = 32, salt: UInt64 = 0) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text = Array(prefix.utf8)
        for letter in letters(length, salt: salt) { text.append(digits[Int(letter % 16)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014): well mixed from the first number on, for any seed.
    private func letters(_ count: Int, salt: UInt64) -> [UInt64] {
        var state = seed ^ salt &* 0xD134_2543_DE82_EF95
        return (0..<count).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return (mixed ^ mixed >> 31) >> 8
        }
    }
}

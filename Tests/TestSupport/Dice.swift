// SPDX-License-Identifier: Apache-2.0

/// Random numbers that are the same in each run: a failure can be seen again.
public struct Dice: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed &* 0x2545_F491_4F6C_DD1D | 1
        // The first numbers of small seeds are alike.
        for _ in 0..<4 { _ = next() }
    }

    /// A xorshift* generator (Vigna, 2016).
    public mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Random numbers that depend on the input alone: what an input has found, it finds again.
enum Chance {
    static func dice(for bytes: [UInt8]) -> Dice {
        // FNV-1a (Fowler, Noll and Vo).
        Dice(seed: bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }
}

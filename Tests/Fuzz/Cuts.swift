// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Cuts bytes as a network does.
enum Cuts {
    /// `bytes` in up to nine pieces, or one by one where there are few.
    static func pieces(of bytes: [UInt8], _ dice: inout Dice) -> [[UInt8]] {
        if bytes.count <= 512, dice.next() % 4 == 0 { return bytes.map { [$0] } }
        let count = Int.random(in: 1...8, using: &dice)
        let cuts = (0..<count).map { _ in Int.random(in: 0...bytes.count, using: &dice) }.sorted()
        return zip([0] + cuts, cuts + [bytes.count]).map { Array(bytes[$0..<$1]) }
    }
}

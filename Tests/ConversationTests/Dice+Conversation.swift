// SPDX-License-Identifier: Apache-2.0

import TestSupport

extension Dice {
    /// `things`, cut into pieces of 0 to `longest`.
    mutating func pieces<Thing>(of things: [Thing], longest: Int = 6) -> [[Thing]] {
        var pieces: [[Thing]] = []
        var rest = things[...]
        while !rest.isEmpty {
            let length = Int.random(in: 0...longest, using: &self)
            pieces.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return pieces
    }

    /// A scalar of any length in UTF-8.
    mutating func scalar() -> Unicode.Scalar {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x7F, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x1_0000...0x10_FFFF,
        ]
        return ranges.randomElement(using: &self)
            .flatMap { Unicode.Scalar(UInt32.random(in: $0, using: &self)) } ?? "\u{FFFD}"
    }
}

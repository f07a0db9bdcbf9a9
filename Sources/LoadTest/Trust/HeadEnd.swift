// SPDX-License-Identifier: Apache-2.0

/// Sees the empty line that ends a request's head, byte for byte.
struct HeadEnd: Equatable, Sendable {
    private static let line: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]

    private var seen = 0

    var isComplete: Bool { seen == 4 }

    /// Whether the head ends with this byte. Nothing after it counts.
    mutating func take(_ byte: UInt8) -> Bool {
        guard seen < 4 else { return false }
        seen = byte == Self.line[seen] ? seen + 1 : byte == 0x0D ? 1 : 0
        return seen == 4
    }
}

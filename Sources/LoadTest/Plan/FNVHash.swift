// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// FNV-1a of 64 bits (Fowler, Noll and Vo; RFC 9923): the same on each machine.
struct FNVHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    /// As eight bytes, lowest first.
    mutating func add(_ time: Nanoseconds) {
        let bits = UInt64(bitPattern: time)
        for shift in stride(from: UInt64(0), to: 64, by: 8) { add(UInt8(truncatingIfNeeded: bits >> shift)) }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// The gaps of running streams in outline: at most 32 for each place, whatever the length of its stream, side by side.
///
/// While a stream grows, each entry covers one gap, then two, four, …, and keeps the longest of them. Which entry a gap
/// belongs to follows from its number alone, so a place needs no more than its entries, and no clearing.
struct GapSketches {
    static let entries = 32

    /// Microseconds.
    private var longest: [UInt32]

    init(places: Int) {
        longest = Array(repeating: 0, count: places * Self.entries)
    }

    mutating func reserve(_ places: Int) {
        let missing = places * Self.entries - longest.count
        if missing > 0 { longest.append(contentsOf: repeatElement(0, count: missing)) }
    }

    /// The stream's gap with this number, from 0, has come. Numbers of a stream come in order, none left out.
    @inline(__always)
    mutating func add(_ gap: Nanoseconds, number: Int, place: Int) {
        let base = place * Self.entries
        let shift = Self.shift(of: number)
        if number >= Self.entries, number & (number - 1) == 0 { halve(base) }
        let entry = base + number >> shift
        let gap = UInt32(clamping: gap / 1000)
        let isFirst = number & (1 << shift - 1) == 0
        longest[entry] = isFirst ? gap : max(longest[entry], gap)
    }

    /// The longest gap in each part of a stream that had `count` gaps.
    func gaps(count: Int, place: Int) -> [Nanoseconds] {
        guard count > 0 else { return [] }
        let base = place * Self.entries
        let used = (count - 1) >> Self.shift(of: count - 1) + 1
        return longest[base..<base + used].map { Nanoseconds($0) * 1000 }
    }

    /// An entry covers 2 to the power of this, once the gap with this number is there.
    private static func shift(of number: Int) -> Int {
        let bits = Int.bitWidth - number.leadingZeroBitCount
        return max(0, bits - entries.trailingZeroBitCount)
    }

    @inline(never)
    private mutating func halve(_ base: Int) {
        for entry in 0..<Self.entries / 2 {
            longest[base + entry] = max(longest[base + 2 * entry], longest[base + 2 * entry + 1])
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Typewriter

struct UnitPropertyTests {
    private static let allPieces = RandomText.spaced + RandomText.unspaced

    @Test(arguments: TextUnit.allCases)
    func `units of any text make up the text, and end where clusters end`(unit: TextUnit) {
        var dice = SeededGenerator(seed: 3)
        for round in 0..<400 {
            let deltas = RandomText.deltas(&dice, of: RandomText.text(&dice, of: Self.allPieces, count: 50), longest: 5)
            let text = deltas.joined()
            let ends = Segmenter(unit: unit).ends(in: Array(text.utf8), deltaEnds: Self.ends(of: deltas))
            #expect(ends.last == text.utf8.count, "round \(round): \(text.debugDescription)")
            #expect(zip(ends, ends.dropFirst()).allSatisfy { $0 < $1 })
            #expect(Set(ends).isSubset(of: text.characterEnds), "round \(round): \(text.debugDescription)")
        }
    }

    @Test(arguments: TextUnit.allCases)
    func `while more text may come no unit takes the last cluster`(unit: TextUnit) {
        var dice = SeededGenerator(seed: 4)
        let segmenter = Segmenter(unit: unit)
        for round in 0..<400 {
            let text = RandomText.text(&dice, of: Self.allPieces, count: 20)
            let bytes = Array(text.utf8)
            let closed = text.characterEnds.dropLast().last ?? 0
            for start in [0] + segmenter.ends(in: bytes).dropLast() {
                let end = segmenter.end(in: bytes, from: start, isComplete: false)
                #expect(end ?? 0 <= closed, "round \(round), from \(start): \(text.debugDescription)")
            }
        }
    }

    @Test(arguments: TextUnit.allCases)
    func `a unit that is closed is never changed by text that comes later`(unit: TextUnit) {
        var dice = SeededGenerator(seed: 5)
        for round in 0..<400 {
            let pieces = round.isMultiple(of: 2) ? RandomText.spaced : Self.allPieces
            let deltas = RandomText.deltas(&dice, of: RandomText.text(&dice, of: pieces, count: 15), longest: 4)
            expectStableUnits(unit, deltas, "round \(round): \(deltas)")
        }
    }

    @Test(arguments: TextUnit.allCases)
    func `cutting from a unit's start gives the same as cutting from the start of the text`(unit: TextUnit) {
        var dice = SeededGenerator(seed: 6)
        let segmenter = Segmenter(unit: unit)
        for _ in 0..<200 {
            let bytes = Array(RandomText.text(&dice, of: Self.allPieces, count: 20).utf8)
            let ends = segmenter.ends(in: bytes)
            guard let cut = ends.randomElement(using: &dice), cut < bytes.count else { continue }
            let rest = segmenter.ends(in: Array(bytes[cut...])).map { $0 + cut }
            #expect(ends.filter { $0 > cut } == rest)
        }
    }

    /// What a prefix of the text says of a unit must be what the whole text says of it.
    ///
    /// Only a dictionary may change its mind.
    private func expectStableUnits(_ unit: TextUnit, _ deltas: [String], _ note: Comment) {
        let segmenter = Segmenter(unit: unit)
        let bytes = Array(deltas.joined().utf8)
        let deltaEnds = Self.ends(of: deltas)
        let starts = [0] + segmenter.ends(in: bytes, deltaEnds: deltaEnds).dropLast()
        for length in deltaEnds {
            let prefix = Array(bytes[..<length])
            for start in starts where start < length {
                let deltaEnd = deltaEnds.firstEnd(after: start)
                guard let end = segmenter.end(in: prefix, from: start, isComplete: false, deltaEnd: deltaEnd) else {
                    continue
                }
                let later = [false, true].map {
                    segmenter.end(in: bytes, from: start, isComplete: $0, deltaEnd: deltaEnd)
                }
                if later == [end, end] || unit == .word && Self.hasUnspaced(bytes[start..<end]) { continue }
                Issue.record("\(start)..<\(end) became \(later) with \(length) bytes of \(note)")
            }
        }
    }

    private static func hasUnspaced(_ bytes: ArraySlice<UInt8>) -> Bool {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.contains { ClusterKind($0) == .unspaced }
    }

    private static func ends(of deltas: [String]) -> [Int] {
        var end = 0
        return deltas.map { delta in
            end += delta.utf8.count
            return end
        }
    }
}

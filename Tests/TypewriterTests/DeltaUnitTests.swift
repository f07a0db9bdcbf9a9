// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct DeltaUnitTests {
    private let segmenter = Segmenter(unit: .delta)

    @Test(arguments: [
        (["Hello", " wor", "ld"], ["Hello", " wor", "ld"]),
        (["e", "\u{301}x"], ["e\u{301}", "x"]),
        (["👩", "\u{200D}", "💻", "!"], ["👩\u{200D}💻", "!"]),
        (["a\r", "\nb"], ["a\r\n", "b"]),
        (["🇩", "🇪🇫", "🇷"], ["🇩🇪", "🇫🇷"]),
        (["ae", "\u{301}", "\u{323}", "b"], ["ae\u{301}\u{323}", "b"]),
    ])
    func `a unit is a delta, or more where a delta ends inside a cluster`(deltas: [String], units: [String]) {
        var end = 0
        let ends = deltas.map { delta in
            end += delta.utf8.count
            return end
        }
        #expect(segmenter.units(of: deltas.joined(), deltaEnds: ends).map(Self.hex) == units.map(Self.hex))
    }

    @Test
    func `the last cluster of the last delta waits`() {
        let text = Array("Hello".utf8)
        #expect(segmenter.end(in: text, from: 0, isComplete: false, deltaEnd: 5) == nil)
        #expect(segmenter.end(in: text + Array("x".utf8), from: 0, isComplete: false, deltaEnd: 5) == 5)
        #expect(segmenter.end(in: text, from: 0, isComplete: true, deltaEnd: 5) == 5)
        #expect(segmenter.end(in: text, from: 0, isComplete: true) == 5)
    }

    @Test
    func `the first end beyond an offset is found among any ends`() {
        #expect([Int]().firstEnd(after: 0) == nil)
        var dice = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            let ends = Set((0..<12).map { _ in Int.random(in: 1...40, using: &dice) }).sorted()
            for offset in 0...41 { #expect(ends.firstEnd(after: offset) == ends.first { $0 > offset }) }
        }
    }

    private static func hex(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }
}

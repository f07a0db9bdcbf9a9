// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct UnitBoundTests {
    private static let zalgo = "a" + String(repeating: "\u{301}", count: 5_000)
    private static let flatRuns = ["a", "é", "7", ".", " ", "\n", "\r\n", "\u{301}", "😀", "🇩", "\u{200D}", "한", "क्"]

    @Test(arguments: TextUnit.allCases)
    func `a cluster longer than 4 KiB is cut between scalars`(unit: TextUnit) {
        expectBounded(unit, Self.zalgo)
        expectBounded(unit, Self.zalgo + "b " + Self.zalgo)
    }

    @Test(arguments: TextUnit.allCases)
    func `a word of 1 MB is cut at 4 KiB`(unit: TextUnit) {
        expectBounded(unit, String(repeating: "a", count: 1 << 20))
    }

    @Test(arguments: TextUnit.allCases)
    func `several long clusters are not one unit when they go over 4 KiB`(unit: TextUnit) {
        for (letter, marks) in [
            ("a", 900), ("a", 1_300), ("a", 2_047), ("7", 1_300), (".", 1_500), ("\t", 1_500), ("国", 700),
        ] {
            let cluster = letter + String(repeating: "\u{301}", count: marks)
            expectBounded(unit, String(repeating: cluster, count: 9))
        }
    }

    @Test(arguments: TextUnit.allCases)
    func `white space up to the bound leaves no room for a word`(unit: TextUnit) {
        for count in 4_080...4_097 {
            for word in ["国际化", "東京", "สวัสดี", "Hello", "👨‍👩‍👧‍👦", "\"你好"] {
                expectBounded(unit, String(repeating: " ", count: count) + word)
                expectBounded(unit, String(repeating: "\n", count: count) + word)
            }
        }
    }

    @Test(arguments: TextUnit.allCases)
    func `no text makes a longer unit`(unit: TextUnit) {
        var dice = SeededGenerator(seed: 7)
        let pieces = ["a", " ", "国", "学", "1", ".", "\n", "ก", "😀", "\r\n"]
        for _ in 0..<60 {
            var text = ""
            for _ in 0..<20 {
                text += String(
                    repeating: pieces.randomElement(using: &dice) ?? "",
                    count: .random(in: 1...3, using: &dice)
                )
                text += String(
                    repeating: "\u{300}",
                    count: .random(in: 0...1, using: &dice) * .random(in: 0...2_500, using: &dice)
                )
            }
            expectBounded(unit, text)
        }
    }

    @Test(arguments: TextUnit.allCases)
    func `a unit ends within 4 KiB although more text may come`(unit: TextUnit) {
        for piece in Self.flatRuns + ["国", "ア", "๑", "ก", Self.zalgo] {
            let text = Array(String(repeating: piece, count: 10_000 / piece.utf8.count + 1).utf8)
            let end = Segmenter(unit: unit).end(in: text, from: 0, isComplete: false)
            #expect(end.map { 1...Segmenter.maximumUnitBytes ~= $0 } ?? false, "\(piece.prefix(3)): \(end ?? -1)")
        }
    }

    @Test(arguments: flatRuns)
    func `a flat run of 1 MB is cut in linear time`(piece: String) {
        let text = Array(String(repeating: piece, count: (1 << 20) / piece.utf8.count).utf8)
        for unit in [TextUnit.word, .token] {
            #expect(Segmenter(unit: unit).ends(in: text).last == text.count)
        }
    }

    @Test(arguments: ["国", "ア", "๑", "ก", "中国", "」"])
    func `a run without spaces is cut in linear time`(piece: String) {
        let text = Array(String(repeating: piece, count: (1 << 16) / piece.utf8.count).utf8)
        for unit in TextUnit.allCases {
            #expect(Segmenter(unit: unit).ends(in: text).last == text.count)
        }
    }

    private func expectBounded(_ unit: TextUnit, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let bytes = Array(text.utf8)
        let ends = Segmenter(unit: unit).ends(in: bytes)
        let longest = zip([0] + ends, ends).map { $1 - $0 }.max() ?? 0
        let note: Comment = "\(bytes.count) bytes that begin with \(text.unicodeScalars.prefix(3).map(\.value))"
        #expect(longest <= Segmenter.maximumUnitBytes, note, sourceLocation: sourceLocation)
        #expect(ends.last == bytes.count, note, sourceLocation: sourceLocation)
        #expect(ends.dropLast().allSatisfy { bytes[$0] & 0xC0 != 0x80 }, note, sourceLocation: sourceLocation)
    }
}

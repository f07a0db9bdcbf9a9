// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct CharacterUnitTests {
    private let segmenter = Segmenter(unit: .character)

    @Test(arguments: [
        ["H", "i", "!", "\n"],
        ["\r\n", "\r", "\r\n", "\n"],
        ["👨‍👩‍👧‍👦", "👩🏽‍💻"],
        ["🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "🇩🇪", "🇫🇷", "🇩🇪", "🇫"],
        ["1️⃣", "❤️", "👍🏽", "👍"],
        ["e\u{301}", "é", "a\u{300}\u{323}", " \u{301}"],
        ["\u{1112}\u{1161}\u{11AB}", "한", "글"],
        ["क्ष", "ক্ষ", "ക്ഷ", "नि", "நி"],
        ["က္", "က"],
        ["กำ", "ไ", "ท", "ย"],
        ["你", "好", "，"],
        ["\u{600}1", "x"],
    ])
    func `a unit is what a reader takes for one character`(characters: [String]) {
        let units = segmenter.units(of: characters.joined())
        #expect(units.map { Array($0.unicodeScalars) } == characters.map { Array($0.unicodeScalars) })
    }

    @Test
    func `units of any text are Swift's characters`() {
        var dice = SeededGenerator(seed: 1)
        for round in 0..<1_500 {
            let pieces = round.isMultiple(of: 2) ? RandomText.spaced : RandomText.spaced + RandomText.unspaced
            let text = RandomText.text(&dice, of: pieces, count: 40)
            #expect(
                segmenter.ends(in: Array(text.utf8)) == text.characterEnds,
                "round \(round): \(text.debugDescription)"
            )
        }
    }

    @Test
    func `units of scalars of all planes are Swift's characters`() {
        var dice = SeededGenerator(seed: 2)
        for round in 0..<500 {
            var text = ""
            for _ in 0..<60 { text.unicodeScalars.append(RandomText.scalar(&dice)) }
            #expect(
                segmenter.ends(in: Array(text.utf8)) == text.characterEnds,
                "round \(round): \(text.debugDescription)"
            )
        }
    }

    @Test
    func `every pair of scalars that the pieces hold parts as Swift parts it`() {
        let scalars = Set((RandomText.spaced + RandomText.unspaced).flatMap { Array($0.unicodeScalars) })
        for first in scalars {
            for second in scalars {
                var text = "\(first)"
                text.unicodeScalars.append(second)
                let ends = segmenter.ends(in: Array(text.utf8))
                if ends != text.characterEnds { Issue.record("\(first.value) \(second.value): \(ends)") }
            }
        }
    }

    @Test(arguments: ["a", "é", "\r", "\n", "👩", "👩\u{200D}", "🇩", "🇩🇪", "\u{1112}", "क्", "你", "กำ", " "])
    func `the last cluster stays open while more text may come`(cluster: String) {
        let text = Array("x\(cluster)".utf8)
        #expect(segmenter.end(in: text, from: 1, isComplete: false) == nil)
        #expect(segmenter.end(in: text, from: 1, isComplete: true) == text.count)
    }

    @Test(arguments: ["a", "é", "\n", "👩🏽‍💻", "🇩🇪", "한", "क्ष", "你", "กำ", " "])
    func `the first scalar of the next cluster closes it`(cluster: String) {
        let text = Array(cluster.utf8)
        for next in ["b", "你", "😀"] {
            #expect(segmenter.end(in: text + Array(next.utf8), from: 0, isComplete: false) == text.count)
        }
    }

    @Test(arguments: [
        ("\r", "\n"), ("e", "\u{301}"), ("👩", "\u{200D}💻"), ("🇩", "🇪"), ("\u{1112}", "\u{1161}"), ("क्", "ष"),
        ("👍", "🏽"), ("1", "\u{FE0F}\u{20E3}"),
    ])
    func `a scalar that belongs to the open cluster joins it`(cluster: String, rest: String) {
        let text = Array((cluster + rest + "x").utf8)
        #expect(segmenter.end(in: text, from: 0, isComplete: false) == text.count - 1)
    }
}

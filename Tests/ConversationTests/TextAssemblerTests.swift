// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing

struct TextAssemblerTests {
    private static let samples = [
        "é", "€", "你", "\u{D7FF}", "\u{E000}", "😀", "\u{10FFFF}", "👨‍👩‍👧‍👦", "aé你😀b", "\u{FEFF}x", "\0",
    ]

    @Test(arguments: samples)
    func `a text cut in two, wherever, is joined`(sample: String) {
        let bytes = Array(sample.utf8)
        for cut in 0...bytes.count {
            #expect(TextAssembler.text(of: [Array(bytes[..<cut]), Array(bytes[cut...])]) == bytes, "cut at \(cut)")
        }
    }

    @Test(arguments: samples)
    func `a text that comes byte by byte is joined`(sample: String) {
        #expect(TextAssembler.text(of: sample.utf8.map { [$0] }) == Array(sample.utf8))
    }

    @Test(arguments: ["😀", "\u{10000}", "\u{10FFFF}", "a👩🏽‍💻b", "😀😀", "\u{D7FF}😀\u{E000}"])
    func `a surrogate pair cut in two, wherever, is joined`(sample: String) {
        let bytes = WTF8.pairs(of: sample)
        for cut in 0...bytes.count {
            let text = TextAssembler.text(of: [Array(bytes[..<cut]), [], Array(bytes[cut...])])
            #expect(text == Array(sample.utf8), "cut at \(cut)")
        }
    }

    @Test
    func `every surrogate pair becomes its scalar`() {
        for value in stride(from: UInt32(0x1_0000), through: 0x10_FFFF, by: 251) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(TextAssembler.text(of: [WTF8.pairs(of: String(scalar))]) == Array(String(scalar).utf8))
        }
    }

    @Test
    func `the first half of a pair waits for the second`() {
        var assembler = TextAssembler()
        #expect(assembler.append(Array("a".utf8) + WTF8.surrogate(0xD83D)) == Array("a".utf8))
        #expect(assembler.append([]) == [])
        #expect(assembler.append(WTF8.surrogate(0xDE00) + Array("b".utf8)) == Array("😀b".utf8))
        #expect(assembler.finish() == [])
    }

    @Test(arguments: [
        ([0xD800], 1), ([0xDBFF], 1), ([0xDC00], 1), ([0xDFFF], 1), ([0xD83D, 0xD83D], 2), ([0xDE00, 0xD83D], 2),
        ([0xDE00, 0xDE00], 2), ([0xDC00, 0xDC00], 2),
    ])
    func `a half without its other half is one U+FFFD`(units: [UInt16], count: Int) {
        let bytes = units.flatMap(WTF8.surrogate)
        let replacements = String(repeating: "\u{FFFD}", count: count)
        #expect(TextAssembler.text(of: [bytes]) == Array(replacements.utf8))
        let text = TextAssembler.text(of: [Array("a".utf8), bytes, Array("b".utf8)])
        #expect(text == Array("a\(replacements)b".utf8))
    }

    @Test
    func `two first halves, then a second: the first is lost, the others are a pair`() {
        let bytes = [0xD83D, 0xD83D, 0xDE00].flatMap(WTF8.surrogate)
        #expect(TextAssembler.text(of: [bytes]) == Array("\u{FFFD}😀".utf8))
        #expect(TextAssembler.text(of: bytes.map { [$0] }) == Array("\u{FFFD}😀".utf8))
    }

    @Test
    func `a first half before other text is one U+FFFD, and the text stays`() {
        let half = WTF8.surrogate(0xD83D)
        for follower in ["a", "é", "\u{D000}", "\u{E000}", "😀", "\n"] {
            #expect(TextAssembler.text(of: [half, Array(follower.utf8)]) == Array("\u{FFFD}\(follower)".utf8))
        }
    }

    @Test(arguments: [
        ([0xFF], 1), ([0x80], 1), ([0xC0, 0xAF], 2), ([0xC1], 1), ([0xF5], 1), ([0xE2, 0x82], 1),
        ([0xF0, 0x9F, 0x98], 1),
        ([0xF0, 0x9F, 0xF0, 0x9F], 2), ([0xE0, 0x80, 0x80], 3), ([0xF4, 0x90, 0x80, 0x80], 4), ([0xF0, 0x8F], 2),
    ])
    func `each maximal subpart that stands for nothing is one U+FFFD`(bytes: [UInt8], count: Int) {
        let expected = Array(("a" + String(repeating: "\u{FFFD}", count: count) + "b").utf8)
        let whole = Array("a".utf8) + bytes + Array("b".utf8)
        #expect(TextAssembler.text(of: [whole]) == expected)
        #expect(TextAssembler.text(of: whole.map { [$0] }) == expected)
    }

    @Test(arguments: [
        ([0xC3], 1), ([0xE2, 0x82], 1), ([0xF0, 0x9F, 0x98], 1), ([0xED], 1), ([0xED, 0xA0, 0xBD], 1),
        ([0xED, 0xA0, 0xBD, 0xED], 2), ([0xED, 0xA0, 0xBD, 0xED, 0xB8], 2),
    ])
    func `what still waits at the end is worth what it is worth before other text`(bytes: [UInt8], count: Int) {
        let replacements = Array(String(repeating: "\u{FFFD}", count: count).utf8)
        #expect(TextAssembler.text(of: [bytes, Array("a".utf8)]) == replacements + Array("a".utf8))
        #expect(TextAssembler.text(of: [bytes]) == replacements)
    }

    @Test
    func `the end gives what is held once`() {
        var assembler = TextAssembler()
        #expect(assembler.append([0xE2, 0x82]) == [])
        #expect(assembler.finish() == Array("\u{FFFD}".utf8))
        #expect(assembler.finish() == [])
        #expect(assembler.append([0xAC]) == Array("\u{FFFD}".utf8))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct WordUnitTests {
    private let segmenter = Segmenter(unit: .word)

    @Test(arguments: [
        ["Hello", " world"],
        ["Hello,", " world!", " "],
        [" Hello", " world", "\n"],
        ["   "],
        ["\n\nNew", "\tline", " \r\n next", "\r\n"],
        ["don't", " over-think", " it…", " (see", " below)."],
        ["He", " said:", " \"Stop!\"", " twice"],
        ["pi", " is", " 3.14;", " e", " is", " 2.72"],
        ["https://example.com/a?b=c", " and", " x=1"],
        ["Привет,", " мир", " γειά", " σου"],
        ["مرحبا", " بالعالم"],
        ["안녕하세요", " 세상"],
        ["नमस्ते", " दुनिया"],
        ["👍🏽", " ok", " 👨‍👩‍👧‍👦👩🏽‍💻"],
        ["-", " item", "\n-", " item"],
        ["```swift", "\nlet", " x", " =", " 1", "\n```"],
        ["e\u{301}te\u{301}", " \u{301}x"],
    ])
    func `a word has the white space before it, and its punctuation`(words: [String]) {
        #expect(segmenter.units(of: words.joined()) == words)
        #expect(segmenter.unitsTyped(of: words.joined()) == words)
    }

    @Test
    func `white space at the end is a unit of its own`() {
        #expect(segmenter.units(of: "Hello \n\t ") == ["Hello", " \n\t "])
        #expect(segmenter.units(of: " ") == [" "])
    }

    @Test(arguments: ["Hello", "Hello,", "\"Hello", " ", "Hello \n", "  Hello"])
    func `a word that may go on stays open`(text: String) {
        let bytes = Array(text.utf8)
        let start = text.hasPrefix("Hello ") ? 5 : 0
        #expect(segmenter.end(in: bytes, from: start, isComplete: false) == nil)
        #expect(segmenter.end(in: bytes, from: start, isComplete: true) == bytes.count)
    }

    @Test
    func `white space or another kind of script closes a word at once`() {
        #expect(segmenter.end(in: Array("Hello ".utf8), from: 0, isComplete: false) == 5)
        #expect(segmenter.end(in: Array("Hello,\r".utf8), from: 0, isComplete: false) == 6)
        #expect(segmenter.end(in: Array("Hello你".utf8), from: 0, isComplete: false) == 5)
        #expect(segmenter.end(in: Array("Hello w".utf8), from: 0, isComplete: false) == 5)
        #expect(segmenter.end(in: Array("Hello\r\nw".utf8), from: 0, isComplete: false) == 5)
        #expect(segmenter.end(in: Array("Hello你好".utf8), from: 0, isComplete: false) == 5)
    }

    @Test
    func `words of two kinds of script part without a space`() {
        #expect(segmenter.units(of: "Hello你好") == ["Hello", "你好"])
        #expect(segmenter.units(of: "你好Hello world") == ["你好", "Hello", " world"])
        #expect(segmenter.units(of: "你好，Hello") == ["你好，", "Hello"])
        #expect(segmenter.units(of: "用 Swift 语言") == ["用", " Swift", " 语言"])
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Typewriter

struct PunctuationTests {
    @Test(arguments: [".", "!", "?", "…", "?!", "...", ".)"])
    func `a sentence's mark counts before white space and at the end only`(mark: String) {
        let counts = mark == ".)" ? 0 : 2
        for space in [" ", "\n", "\r\n", "\t", "\u{A0}", "\u{3000}", "\u{2028}"] {
            #expect(Self.halves(after: "Yes\(mark)", before: space) == counts)
        }
        #expect(Self.halves(after: "Yes\(mark)", before: "") == counts)
        #expect(Self.halves(after: "Yes\(mark)", before: "x") == 0)
        #expect(Self.halves(after: "Yes\(mark)", before: "你") == 0)
    }

    @Test(arguments: [",", ";", ":"])
    func `a clause's mark counts half, before white space only`(mark: String) {
        #expect(Self.halves(after: "Yes\(mark)", before: " ") == 1)
        #expect(Self.halves(after: "Yes\(mark)", before: "\n") == 1)
        #expect(Self.halves(after: "Yes\(mark)", before: "") == 0)
        #expect(Self.halves(after: "Yes\(mark)", before: "x") == 0)
    }

    @Test(arguments: ["。", "！", "？"])
    func `a full-width sentence mark always counts`(mark: String) {
        for next in ["", " ", "你", "x"] { #expect(Self.halves(after: "好\(mark)", before: next) == 2) }
    }

    @Test(arguments: ["，", "、", "；", "："])
    func `a full-width clause mark always counts half`(mark: String) {
        for next in ["", " ", "你", "x"] { #expect(Self.halves(after: "好\(mark)", before: next) == 1) }
    }

    @Test(arguments: ["3.14", "a:b", "10:30", "x,y", "e.g", "wow", "", " ", "\n", "-", "\"", "·"])
    func `other text asks for no pause`(text: String) {
        #expect(Self.halves(after: text, before: "x") == 0)
        #expect(Self.halves(after: text, before: " ") == 0)
    }

    @Test
    func `a mark anywhere in the unit counts, and the longest pause wins`() {
        #expect(Self.halves(after: " Well, yes. And", before: " ") == 2)
        #expect(Self.halves(after: " well, yes", before: " ") == 1)
        #expect(Self.halves(after: "好，对。", before: "你") == 2)
    }

    @Test
    func `marks before and after the unit do not count`() {
        let text = Array("No. Yes. No.".utf8)
        #expect(Punctuation.pauseHalves(in: text.span, 3..<7) == 0)
        #expect(Punctuation.pauseHalves(in: text.span, 3..<8) == 2)
        #expect(Punctuation.pauseHalves(in: text.span, 7..<8) == 2)
        #expect(Punctuation.pauseHalves(in: text.span, 8..<8) == 0)
    }

    private static func halves(after unit: String, before next: String) -> Int {
        let text = Array((unit + next).utf8)
        return Punctuation.pauseHalves(in: text.span, 0..<unit.utf8.count)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct TokenUnitTests {
    private static let prose = """
        The lighthouse keeper climbed the winding staircase every evening, carrying a small lantern and the newspaper \
        from the day before. In 1987, after thirty years of service, he had counted 214 steps, 12 landings and exactly \
        one loose floorboard; nobody else remembered which. "Careful," he would whisper to visitors, "that one \
        complains." And it did, reliably, with a noise like an extraordinarily disappointed seagull.
        """

    private let segmenter = Segmenter(unit: .token)

    @Test
    func `tokens of English prose are as long as a model's`() {
        let tokens = segmenter.units(of: Self.prose)
        #expect(tokens.joined() == Self.prose)
        let average = Double(Self.prose.count) / Double(tokens.count)
        #expect((2.0...6.0).contains(average), "\(average)")
        #expect(tokens.allSatisfy { $0.count <= 8 }, "\(tokens)")
    }

    @Test(arguments: [
        ["The", " quick", " brown", " fox", "."],
        ["Hello", ",", " world", "!"],
        ["123", "456", "7"],
        ["in", " 198", "7"],
        ["a", "\n\n", "b", "\r\n", "c"],
        ["{", "\n", "   ", " return", " x", "\n", "}"],
        ["???", "!", " ok"],
        ["\n\n\n\n", "\n"],
        ["x", "  ", " y"],
        ["end", "  "],
        ["你", "好", "，", "世", "界"],
        ["👍🏽", " ", "👩🏽‍💻"],
        ["café", " Привет"],
    ])
    func `a token is a word with its space, a few digits, marks or line breaks`(tokens: [String]) {
        #expect(segmenter.units(of: tokens.joined()) == tokens)
        #expect(segmenter.unitsTyped(of: tokens.joined()) == tokens)
    }

    @Test(arguments: ["internationalisation", " extraordinarily", "Donaudampfschifffahrt", "достопримечательность"])
    func `a long word is cut into pieces of three letters and more`(word: String) {
        let tokens = segmenter.units(of: word)
        #expect(tokens.joined() == word)
        #expect(tokens.count > 1)
        #expect(tokens.dropLast().allSatisfy { (3...6).contains($0.count) }, "\(tokens)")
    }

    @Test
    func `a line break and the indentation after it are not one token`() {
        for token in segmenter.units(of: "if x {\n\n        y()\n\t}\n") where token.contains(where: \.isNewline) {
            #expect(token.allSatisfy { $0.isNewline })
        }
    }

    @Test(arguments: ["Hel", " ", " Hel", "12", "?!", "\n", "    ", "strengt"])
    func `a token that may go on stays open`(text: String) {
        let bytes = Array(text.utf8)
        #expect(segmenter.end(in: bytes, from: 0, isComplete: false) == nil)
    }

    @Test
    func `a long run of spaces is cut, and nothing is lost`() {
        for count in [1, 2, 63, 64, 65, 66, 127, 128, 129, 200] {
            let text = "x" + String(repeating: " ", count: count) + "y"
            let tokens = segmenter.units(of: text)
            #expect(tokens.joined() == text)
            #expect(tokens.last == " y", "\(count) spaces")
            #expect(tokens.allSatisfy { $0.count <= 64 })
        }
    }
}

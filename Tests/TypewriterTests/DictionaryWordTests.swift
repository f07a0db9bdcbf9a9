// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Typewriter

struct DictionaryWordTests {
    private static let sentences = [
        "今天天气很好，我们一起去公园散步吧。你觉得怎么样？",
        "人工智能正在改变我们的生活方式，从医疗到教育，几乎每个行业都受到了影响。",
        "今日はとても天気がいいので、友達と一緒に公園を散歩しました。",
        "東京スカイツリーは世界で一番高い電波塔です！",
        "วันนี้อากาศดีมาก เราไปเดินเล่นที่สวนสาธารณะกันเถอะ",
        "ปัญญาประดิษฐ์กำลังเปลี่ยนแปลงวิถีชีวิตของเรา",
        "សួស្តីពិភពលោកខ្ញុំរៀនភាសាខ្មែរ",
        "ສະບາຍດີຊາວໂລກຂ້ອຍຮຽນພາສາລາວ",
        "မင်္ဂလာပါကမ္ဘာလောကကျွန်တော်စာဖတ်သည်",
    ]

    private let segmenter = Segmenter(unit: .word)

    @Test(arguments: sentences)
    func `a sentence without spaces is cut into words, not into letters`(sentence: String) {
        let words = segmenter.units(of: sentence)
        #expect(words.joined() == sentence)
        #expect(words.count >= 4)
        #expect(words.count * 5 < sentence.count * 4, "\(words)")
        #expect(words.allSatisfy { $0.count <= 9 }, "\(words)")
    }

    @Test(arguments: sentences)
    func `it is cut as sensibly while it comes letter by letter`(sentence: String) {
        let words = segmenter.unitsTyped(of: sentence)
        #expect(words.joined() == sentence)
        #expect(words.count >= 4)
        #expect(words.count * 5 < sentence.count * 4, "\(words)")
        #expect(words.allSatisfy { $0.count <= 9 }, "\(words)")
    }

    @Test(arguments: [3...6, 0...1, 7...8], [1, 3])
    func `text that comes in small deltas is cut as the whole text is`(range: ClosedRange<Int>, scalars: Int) {
        let text = Self.sentences[range].joined(separator: " ")
        let whole = Segmenter(unit: .word).ends(in: Array(text.utf8))
        let typed = segmenter.unitsTyped(of: text, scalars: scalars).map(\.utf8.count).reduce(into: [0]) {
            ends,
            count in
            ends.append((ends.last ?? 0) + count)
        }
        let wrong = Set(typed.dropFirst()).subtracting(whole)
        #expect(wrong.count * 20 <= whole.count, "\(wrong.count) of \(whole.count) words end elsewhere")
    }

    @Test(arguments: sentences)
    func `punctuation stays with the word before it`(sentence: String) {
        for words in [segmenter.units(of: sentence), segmenter.unitsTyped(of: sentence)] {
            for word in words {
                #expect(word.first.map { !"，。、？！".contains($0) } ?? false, "\(words)")
            }
        }
    }

    @Test
    func `known words are cut as a dictionary has them`() {
        #expect(segmenter.units(of: "中国人民").contains("中国"))
        #expect(segmenter.units(of: "今天天气很好。").prefix(2) == ["今天", "天气"])
        #expect(segmenter.units(of: "สวัสดีครับ") == ["สวัสดี", "ครับ"])
        #expect(segmenter.units(of: "東京大学に行きました。").first == "東京")
    }

    @Test
    func `a word waits until the dictionary has seen what follows`() {
        #expect(segmenter.end(in: Array("今".utf8), from: 0, isComplete: false) == nil)
        #expect(segmenter.end(in: Array("今天".utf8), from: 0, isComplete: false) == nil)
        #expect(segmenter.end(in: Array("今天天气很好我们".utf8), from: 0, isComplete: false) == 6)
        #expect(segmenter.end(in: Array("今天, x".utf8), from: 0, isComplete: false) == 7)
    }

    @Test(arguments: ["ア", "ー", "๑", "ก", "々", "中", "ﾊ", "あ", "ໜ", "႐"])
    func `a run of one letter goes on in words while more text comes`(letter: String) {
        let text = Array(String(repeating: letter, count: 2_000).utf8)
        var (start, count) = (0, 0)
        while start + Segmenter.maximumUnitBytes + 64 < text.count {
            guard let end = segmenter.end(in: text, from: start, isComplete: false), end > start else { break }
            (start, count) = (end, count + 1)
        }
        #expect(start + Segmenter.maximumUnitBytes + 64 >= text.count, "stands at \(start) after \(count) words")
    }

    @Test(arguments: sentences)
    func `the letters of these scripts are known to be unspaced`(sentence: String) {
        let kinds = sentence.unicodeScalars.filter(\.properties.isAlphabetic).map(ClusterKind.init)
        #expect(kinds.allSatisfy { $0 == .unspaced })
    }
}

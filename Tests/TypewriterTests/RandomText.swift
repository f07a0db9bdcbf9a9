// SPDX-License-Identifier: Apache-2.0

import Typewriter

/// Random text of all planes, rich in what makes clusters hard to tell apart.
enum RandomText {
    /// Words, numbers, marks and white space of scripts that put spaces between words.
    static let spaced = [
        "a", "b", "The", " quick", "strengthen", "don't", "naïve", "e\u{301}", "o\u{308}\u{323}", "Привет", "γειά",
        "שלום",
        "مرحبا", "한국어", "\u{1112}\u{1161}\u{11AB}", "\u{1112}", "\u{1161}", "\u{11A8}", "क्ष", "ক্ষ", "ക്ഷ", "नि", "நி", "्",
        "1", "2024", "3.14", "٣", " ", " ", "  ", "\t", "\n", "\r", "\r\n", "\n\n", "\u{A0}", "\u{2028}", ".", ", ",
        "!",
        "…", "\"", "(", ")", "[", "--", "`", "{\n    ", "👩🏽‍💻", "👨‍👩‍👧‍👦", "🇩🇪", "🇫", "🏴\u{E0067}\u{E0062}\u{E007F}", "1️⃣", "❤️",
        "👍🏽",
        "\u{200D}", "\u{FE0F}", "\u{301}", "\u{300}\u{300}", "🏽", "\u{200B}", "\u{AD}", "\u{FEFF}", "\0", "\u{600}",
        "∑", "€",
    ]

    /// Letters and marks of scripts that put none.
    static let unspaced = [
        "你好", "中国", "学习", "我", "。", "，", "「", "」", "ありがとう", "カタカナ", "ー", "です", "東京", "、", "กำ", "สวัสดี", "ภาษาไทย",
        "ๆ", "၊", "မြန်မာ", "ខ្មែរ", "ລາວ", "々", "〇", "ﾊﾟ", "𠮷", "！", "？",
    ]

    /// Text of `count` pieces, one in eight of them any scalar at all.
    static func text(_ dice: inout SeededGenerator, of pieces: [String], count: Int) -> String {
        var text = ""
        for _ in 0..<count {
            if Int.random(in: 0..<8, using: &dice) == 0 {
                text.unicodeScalars.append(scalar(&dice))
            } else {
                text.unicodeScalars.append(contentsOf: (pieces.randomElement(using: &dice) ?? "").unicodeScalars)
            }
        }
        return text
    }

    /// Any scalar, each plane as likely as another.
    static func scalar(_ dice: inout SeededGenerator) -> Unicode.Scalar {
        let plane = UInt32.random(in: 0...16, using: &dice) << 16
        return Unicode.Scalar(plane | UInt32.random(in: 0...0xFFFF, using: &dice)) ?? "\u{FFFD}"
    }

    /// `text` in deltas of 1 to `longest` scalars.
    static func deltas(_ dice: inout SeededGenerator, of text: String, longest: Int) -> [String] {
        var deltas: [String] = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            let delta = rest.prefix(Int.random(in: 1...longest, using: &dice))
            deltas.append(String(String.UnicodeScalarView(delta)))
            rest = rest.dropFirst(delta.count)
        }
        return deltas
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport

extension Dice {
    /// A number of 1 to `most`, small ones more often than large ones.
    mutating func size(upTo most: Double) -> Int {
        let share = Double.random(in: 0...1, using: &self)
        return 1 + Int((most - 1) * share * share)
    }

    mutating func pick<Element>(_ items: [Element]) -> Element {
        items[Int.random(in: items.indices, using: &self)]
    }

    /// Text with a generous share of what units, lines and escapes could stumble over.
    mutating func text(pieces count: Int) -> String {
        let traps = [
            "\n", "\r", "\r\n", "\n\n", "\u{2028}", " ", "  ", ":", "data: x", "[DONE]", "id: 1\n", "\"",
            "\\", "\t", "。",
            "e\u{301}", "👩🏽‍💻", "🇩🇪", "🇫🇷", "你好", "สวัสดี", "한국어", "x", "word", ". ",
            "3.14", "\u{0}", "\u{FEFF}", "नमस्ते",
        ]
        return (0..<count).map { _ in pick(traps) }.joined()
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport

extension Dice {
    /// Borders at which `count` things are cut into pieces of 1 to `longest`; the last border is `count`.
    mutating func borders(of count: Int, longest: Int) -> [Int] {
        var borders: [Int] = []
        while (borders.last ?? 0) < count {
            borders.append(min(count, (borders.last ?? 0) + Int.random(in: 1...longest, using: &self)))
        }
        return borders
    }

    /// Text of all planes, with a generous share of what a line-based format could stumble over.
    mutating func text(scalars count: Int) -> String {
        let traps: [String] = [
            "\n", "\r", "\r\n", "\0", "\u{FEFF}", "\u{2028}", "\u{85}", "\u{B}", " ", ":", "data: x", "[DONE]", "\n\n",
            "event: fault\n", "id: 1\n", "e\u{301}", "👩🏽‍💻", "🇩🇪",
        ]
        var text = ""
        for _ in 0..<count {
            if Bool.random(using: &self), let trap = traps.randomElement(using: &self) {
                text += trap
                continue
            }
            let plane = UInt32.random(in: 0...16, using: &self) << 16
            let isASCII = Int.random(in: 0..<3, using: &self) == 0
            let value = isASCII ? .random(in: 0...0x7F, using: &self) : plane | .random(in: 0...0xFFFF, using: &self)
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}

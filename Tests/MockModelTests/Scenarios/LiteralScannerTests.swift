// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import MockModel

struct LiteralScannerTests {
    @Test func `each literal that stands in a text is found, and no other`() {
        var dice = Dice(seed: 17)
        var found = 0
        for windowLength in 1...4 {
            for _ in 0..<200 {
                let literals = (0..<Int.random(in: 0...30, using: &dice)).map { mark in
                    let count = Int.random(in: windowLength...8, using: &dice)
                    return LiteralScanner.Literal(bytes: Self.bytes(count, &dice), mark: mark)
                }
                let text = Self.bytes(Int.random(in: 0...60, using: &dice), &dice)
                var marks = MarkSet(count: 64)
                LiteralScanner(literals, windowLength: windowLength).scan(text, into: &marks)
                for literal in literals {
                    let isThere = text.indices.contains { text[$0...].starts(with: literal.bytes) }
                    #expect(marks.contains(literal.mark) == isThere)
                    found += isThere ? 1 : 0
                }
            }
        }
        #expect(found > 1000)
    }

    @Test func `literals with one mark stand for each other`() {
        let scanner = LiteralScanner(
            ["moon", "sun, late"].map { LiteralScanner.Literal(bytes: Array($0.utf8), mark: 5) },
            windowLength: 4
        )
        for (text, isThere) in [("a moon", true), ("a sun, late", true), ("a sun, early", false), ("", false)] {
            var marks = MarkSet(count: 64)
            scanner.scan(Array(text.utf8), into: &marks)
            #expect(marks.contains(5) == isThere)
        }
    }

    /// Few values, zero among them, so that much is alike.
    private static func bytes(_ count: Int, _ dice: inout Dice) -> [UInt8] {
        (0..<count).map { _ in [0, 97, 98, 255].randomElement(using: &dice) ?? 0 }
    }
}

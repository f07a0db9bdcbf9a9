// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing

struct TextAssemblerPropertyTests {
    private static let fragments: [[UInt8]] = [
        [0x41], [0x80], [0xBF], [0xC3], [0xC3, 0xA9], [0xE2, 0x82], [0xE2, 0x82, 0xAC], [0xED], [0xED, 0x9F, 0xBF],
        [0xED, 0xA0], [0xED, 0xA0, 0xBD], [0xED, 0xB8, 0x80], [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], [0xF0, 0x9F],
        [0xF0, 0x9F, 0x98, 0x80], [0xF4, 0x90], [0xFF], [0xE0, 0x9F],
    ]

    @Test
    func `text of all planes passes as it is, at any chunking`() {
        var dice = Dice(seed: 1)
        for round in 0..<2_000 {
            let bytes = (0..<20).flatMap { _ in Array(dice.scalar().utf8) }
            #expect(TextAssembler.text(of: dice.pieces(of: bytes)) == bytes, "round \(round)")
        }
    }

    @Test
    func `text whose upper planes come as surrogate pairs is joined, at any chunking`() {
        var dice = Dice(seed: 2)
        for round in 0..<2_000 {
            var text = ""
            for _ in 0..<20 { text.unicodeScalars.append(dice.scalar()) }
            #expect(TextAssembler.text(of: dice.pieces(of: WTF8.pairs(of: text))) == Array(text.utf8), "round \(round)")
        }
    }

    @Test
    func `bytes without surrogates are repaired as Swift repairs them, at any chunking`() {
        var dice = Dice(seed: 3)
        for round in 0..<5_000 {
            let isRandom = round.isMultiple(of: 2)
            let bytes = Self.withoutSurrogates(isRandom ? Self.noise(&dice) : Self.fragments(&dice))
            let repaired = Array(String(decoding: bytes, as: UTF8.self).utf8)
            let pieces = dice.pieces(of: bytes)
            #expect(TextAssembler.text(of: pieces) == repaired, "round \(round): \(pieces)")
        }
    }

    @Test
    func `the result does not depend on the chunking, whatever the bytes`() {
        var dice = Dice(seed: 4)
        for round in 0..<10_000 {
            let bytes = round.isMultiple(of: 4) ? Self.noise(&dice) : Self.fragments(&dice)
            let pieces = dice.pieces(of: bytes, longest: Int.random(in: 1...8, using: &dice))
            #expect(TextAssembler.text(of: pieces) == TextAssembler.text(of: [bytes]), "round \(round): \(pieces)")
        }
    }

    @Test
    func `what is given is valid UTF-8, delta by delta`() {
        var dice = Dice(seed: 5)
        for round in 0..<3_000 {
            var assembler = TextAssembler()
            for delta in dice.pieces(of: Self.fragments(&dice)) {
                let text = assembler.append(delta)
                #expect(String(validating: text, as: UTF8.self) != nil, "round \(round): \(delta) gave \(text)")
            }
        }
    }

    @Test
    func `all that is whole is given at once`() {
        var dice = Dice(seed: 6)
        for round in 0..<500 {
            let scalars = (0..<12).map { _ in Array(dice.scalar().utf8) }
            var assembler = TextAssembler()
            var (fed, given) = (0, 0)
            for delta in dice.pieces(of: scalars.flatMap { $0 }) {
                fed += delta.count
                given += assembler.append(delta).count
                #expect(given == Self.wholeBytes(of: scalars, within: fed), "round \(round)")
            }
        }
    }

    /// How many of the first `count` bytes belong to scalars that are there in full.
    private static func wholeBytes(of scalars: [[UInt8]], within count: Int) -> Int {
        var whole = 0
        for scalar in scalars {
            guard whole + scalar.count <= count else { break }
            whole += scalar.count
        }
        return whole
    }

    private static func noise(_ dice: inout Dice) -> [UInt8] {
        (0..<Int.random(in: 0...30, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
    }

    private static func fragments(_ dice: inout Dice) -> [UInt8] {
        (0..<Int.random(in: 0...12, using: &dice)).flatMap { _ in fragments.randomElement(using: &dice) ?? [] }
    }

    /// `bytes` where no ED stands before a byte that would make it a surrogate.
    private static func withoutSurrogates(_ bytes: [UInt8]) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            index > 0 && bytes[index - 1] == 0xED && (0xA0...0xBF).contains(byte) ? byte & 0x9F : byte
        }
    }
}

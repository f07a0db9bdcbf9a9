// SPDX-License-Identifier: Apache-2.0

import EventStream
import TestSupport
import Testing

struct EventStreamParserFuzzTests {
    private static let fragments: [[UInt8]] =
        [
            "data", "data:", "data: ", "event: ", "id: ", "id", "retry: ", "retry", "\n", "\n", "\r", "\r\n", "\n\n",
            ":", " ", "\0", "\u{FEFF}", "7", "…", "x",
        ].map { Array($0.utf8) } + [[0xFF], [0xEF], [0xEF, 0xBB]]

    @Test
    func `any bytes at any chunking are read as the specification's steps read them`() {
        var dice = Dice(seed: 1)
        for round in 0..<8_000 {
            let stream = Self.stream(&dice, fragments: Int.random(in: 0...40, using: &dice))
            let expected = ReferenceParser.events(of: stream)
            let borders = dice.borders(of: stream.count, longest: 9)
            #expect(Reading(stream, borders: borders).events == expected, "round \(round): \(stream) at \(borders)")
        }
    }

    @Test
    func `random bytes never crash the parser, nor go over its bound`() {
        var dice = Dice(seed: 2)
        for round in 0..<20_000 {
            let limit = Int.random(in: 8...40, using: &dice)
            let stream = (0..<Int.random(in: 0...60, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
            let reading = Reading(stream, borders: dice.borders(of: stream.count, longest: 16), limit: limit)
            #expect(reading.events.allSatisfy { $0.data.count <= limit }, "round \(round): \(stream)")
        }
    }

    @Test
    func `whether a bound is passed does not depend on the chunking`() {
        var dice = Dice(seed: 3)
        for round in 0..<4_000 {
            let limit = Int.random(in: 8...24, using: &dice)
            let stream = Self.stream(&dice, fragments: Int.random(in: 0...40, using: &dice))
            let borders = dice.borders(of: stream.count, longest: 9)
            let (whole, pieces) = (Reading(stream, limit: limit), Reading(stream, borders: borders, limit: limit))
            #expect(pieces == whole, "round \(round), limit \(limit): \(stream) at \(borders)")
        }
    }

    private static func stream(_ dice: inout Dice, fragments count: Int) -> [UInt8] {
        (0..<count).flatMap { _ in fragments.randomElement(using: &dice) ?? [] }
    }
}

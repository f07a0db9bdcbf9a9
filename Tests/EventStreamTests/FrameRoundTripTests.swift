// SPDX-License-Identifier: Apache-2.0

import EventStream
import TestSupport
import Testing

struct FrameRoundTripTests {
    @Test
    func `text cut between clusters, sent and read, is the text with LF for its line breaks`() {
        var dice = Dice(seed: 4)
        for round in 0..<1_500 {
            let text = dice.text(scalars: Int.random(in: 0...60, using: &dice))
            let clusters = Array(text)
            let pieces = Self.pieces(of: clusters.count, &dice).map { clusters[$0].reduce(into: "") { $0.append($1) } }
            expectRoundTrip(of: text, cut: pieces, "round \(round)")
        }
    }

    @Test
    func `text cut between scalars, even inside a CRLF, is the same`() {
        var dice = Dice(seed: 5)
        for round in 0..<1_500 {
            let text = dice.text(scalars: Int.random(in: 0...60, using: &dice))
            let scalars = Array(text.unicodeScalars)
            let pieces = Self.pieces(of: scalars.count, &dice).map { range in
                scalars[range].reduce(into: "") { $0.unicodeScalars.append($1) }
            }
            expectRoundTrip(of: text, cut: pieces, "round \(round)")
        }
    }

    @Test
    func `a text's bytes, each in a frame of its own, are the same too`() {
        let text = "a\r\n\r\r\n\n\rb\0 [DONE]\n\ndata: 你好 👩🏽‍💻\r"
        var (out, previous): ([UInt8], UInt8) = ([], 0)
        for byte in text.utf8 {
            FrameEncoder.appendData([byte].span, afterCarriageReturn: previous == 0x0D, to: &out)
            previous = byte
        }
        #expect(Reading(out).events.flatMap(\.data) == Array(Self.normalised(text).utf8))
    }

    @Test
    func `id and type reach the reader beside any text`() {
        var dice = Dice(seed: 6)
        for offset in 0..<300 {
            let text = dice.text(scalars: 20)
            var out: [UInt8] = []
            FrameEncoder.append("id: s.", to: &out)
            FrameEncoder.appendDecimal(UInt64(offset), to: &out)
            FrameEncoder.append("\n", to: &out)
            FrameEncoder.appendEventName("fault", to: &out)
            FrameEncoder.appendData(Array(text.utf8).span, to: &out)
            #expect(Reading(out).events == [.init(Self.normalised(text), type: "fault", id: "s.\(offset)")])
        }
    }

    private func expectRoundTrip(of text: String, cut pieces: [String], _ note: Comment) {
        var (out, previous): ([UInt8], UInt8?) = ([], nil)
        for piece in pieces {
            FrameEncoder.appendData(Array(piece.utf8).span, afterCarriageReturn: previous == 0x0D, to: &out)
            previous = Array(piece.utf8).last
        }
        #expect(!out.contains(0x0D), note)
        #expect(!out.contains(0x00), note)
        let lines = out.split(separator: 0x0A)
        #expect(lines.allSatisfy { $0.starts(with: "data: ".utf8) }, note)
        let reading = Reading(out)
        #expect(reading.events.count == pieces.count, note)
        #expect(reading.events.flatMap(\.data) == Array(Self.normalised(text).utf8), note)
    }

    private static func pieces(of count: Int, _ dice: inout Dice) -> [Range<Int>] {
        let ends = dice.borders(of: count, longest: Int.random(in: 1...12, using: &dice))
        return zip([0] + ends, ends).map { $0..<$1 }
    }

    /// What a client of text format sees: LF for CRLF and CR, U+FFFD for NUL.
    private static func normalised(_ text: String) -> String {
        var normalised = ""
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if scalar != "\n" || previous != "\r" {
                normalised.unicodeScalars.append(scalar == "\r" ? "\n" : scalar == "\0" ? "\u{FFFD}" : scalar)
            }
            previous = scalar
        }
        return normalised
    }
}

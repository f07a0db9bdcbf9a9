// SPDX-License-Identifier: Apache-2.0

import EventStream
import TestSupport
import Testing

@testable import LoadTest

struct EventSplitterTests {
    private static let pieces = [
        "data: a", "data:b", "\n", "\r", "\r\n", ":", "id: 1", "x", "\n\n", "\r\r", "data", "é",
    ]

    /// The events of `bytes`, cut at `cuts`, each without its blank line.
    private static func events(_ bytes: [UInt8], _ cuts: [Int], isLines: Bool = false) -> [[UInt8]] {
        var splitter = EventSplitter()
        splitter.isLines = isLines
        var events: [[UInt8]] = []
        var start = 0
        for end in cuts + [bytes.count] where end > start {
            Array(bytes[start..<end]).withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                var piece = EventSplitter.Piece(ByteCursor(next: base, end: base + buffer.count))
                while !piece.cursor.isAtEnd {
                    switch splitter.next(&piece) {
                    case .event(let event): events.append(Array(event))
                    case .carried:
                        events.append(splitter.carry)
                        splitter.emptyCarry()
                    case .more, .tooLarge: break
                    }
                }
            }
            start = end
        }
        return events
    }

    @Test func `events end where the parser of event streams says they do, wherever they are cut`() throws {
        var dice = Dice(seed: 31)
        for _ in 0..<3_000 {
            let parts = (0..<Int.random(in: 0...14, using: &dice)).map { _ in
                Self.pieces.randomElement(using: &dice) ?? ""
            }
            let bytes = Array(parts.joined().utf8)
            let cuts = PlayedResponse.cuts(Int.random(in: 0...6, using: &dice), in: bytes, &dice)
            var parser = EventStreamParser()
            var expected: [[UInt8]] = []
            try parser.feed(bytes.span) { expected.append($0.data) }
            let events = Self.events(bytes, cuts)
            #expect(events.compactMap { EventLook.parse($0)?.data } == expected)
            #expect(events == Self.events(bytes, []))
        }
    }

    @Test func `lines end with LF alone`() {
        let bytes = Array("{}\r\n\n{\"a\":1}\nrest".utf8)
        for cut in 0...bytes.count {
            #expect(Self.events(bytes, [cut], isLines: true) == ["{}\r", "", "{\"a\":1}"].map { Array($0.utf8) })
        }
    }
}

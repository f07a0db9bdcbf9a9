// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

struct TextCheckTests {
    private func findings(_ pieces: [[UInt8]], expect: String? = nil) -> [Finding] {
        var channel = AnswerTranscript.Channel(name: "text")
        for (index, piece) in pieces.enumerated() {
            channel.bytes += piece
            let frame = StreamFrame(number: index + 1, offset: index * 100, data: [])
            channel.ends.append((channel.bytes.count, frame))
        }
        var log = FindingLog()
        if let expect {
            TextCheck(channel: channel).compare(with: Array(expect.utf8), &log)
        } else {
            TextCheck(channel: channel).judgeWholeness(&log)
        }
        return log.findings
    }

    private func findings(_ pieces: [String], expect: String? = nil) -> [Finding] {
        findings(pieces.map { Array($0.utf8) }, expect: expect)
    }

    @Test func `pieces that end between clusters are whole`() {
        #expect(findings(["e\u{301}", "👩🏽‍💻", "\r\n", "🇳🇴", "한", ""]) == [])
    }

    @Test(arguments: [
        ["e", "\u{301}x"], ["👩", "🏽‍💻"], ["👩🏽\u{200D}", "💻"], ["\r", "\n"], ["🇳", "🇴"], ["\u{1112}", "\u{1161}"],
    ])
    func `a piece that ends inside a cluster is told`(pieces: [String]) {
        let found = findings(pieces)
        #expect(found.map(\.kind) == [.grapheme] && found.first?.event == 1)
    }

    @Test func `a piece that ends inside a character is told, and so is half a surrogate pair`() {
        #expect(findings([[0xC3], [0xA9]]).map(\.kind) == [.grapheme])
        #expect(findings([[0xED, 0xA0, 0xBD], [0xED, 0xB8, 0x80]]).map(\.kind) == [.grapheme])
    }

    @Test func `what one event did to the text is named`() {
        let right = "one two two three"
        #expect(findings(["one", " two", " two", " three"], expect: right) == [])
        let twice = findings(["one", " two", " two", " two", " three"], expect: right)
        #expect(twice.map(\.kind) == [.duplicate] && twice[0].seen.contains("two"))
        let swapped = findings(["one", " two", " three", " two"], expect: right)
        #expect(swapped.map(\.kind) == [.reorder])
        let lost = findings(["one", " two", " three"], expect: right)
        #expect(lost.map(\.kind) == [.lose])
        #expect(findings(["one", " two", " two"], expect: right).map(\.kind) == [.lose])
    }

    @Test func `another text is told with its byte and its line`() {
        let found = findings(["one\n", "tw"], expect: "one\nto")
        #expect(found.map(\.kind) == [.text] && found[0].seen.contains("byte 5, line 2") && found[0].event == 2)
        #expect(findings(["one"], expect: "one\n").first?.expected.contains("line end") == true)
        #expect(findings([] as [String], expect: "one").map(\.kind) == [.lose])
    }

    @Test func `any one change of pieces that differ is named`() {
        var dice = Dice(seed: 5)
        for _ in 0..<200 {
            let count = Int.random(in: 2...20, using: &dice)
            let pieces = (0..<count).map { "\($0)," }
            let place = Int.random(in: 1..<count, using: &dice)
            var changed = pieces
            changed.insert(pieces[place], at: place)
            #expect(findings(changed, expect: pieces.joined()).map(\.kind) == [.duplicate])
            changed = pieces
            changed.remove(at: place)
            #expect(findings(changed, expect: pieces.joined()).map(\.kind) == [.lose])
            changed = pieces
            changed.swapAt(place, place - 1)
            #expect(findings(changed, expect: pieces.joined()).map(\.kind) == [.reorder])
        }
    }
}

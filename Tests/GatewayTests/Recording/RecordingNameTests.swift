// SPDX-License-Identifier: Apache-2.0

import MockModel
import TestSupport
import Testing

@testable import Gateway

struct RecordingNameTests {
    private static func name(_ time: Int64, _ number: Int, upstream: String = "openai") -> String {
        RecordingName.text(wallTime: time, number: number, upstream: upstream, status: 200, ending: .reset)
    }

    @Test func `a name tells when, whom, and how it ended`() {
        #expect(Self.name(1_769_860_800_123_456_789, 7) == "20260131T120000.123Z-000007-openai-200-reset")
        let refused = RecordingName.text(wallTime: 0, number: 1, upstream: "", status: nil, ending: .refused)
        #expect(refused == "19700101T000000.000Z-000001-upstream-none-refused")
    }

    @Test func `names sort by time, and by number within a millisecond`() {
        var dice = Dice(seed: 3)
        for _ in 0..<500 {
            let first = Int64.random(in: 0...4_000_000_000_000_000_000, using: &dice)
            let second = first + Int64.random(in: 1_000_000...1_000_000_000_000_000, using: &dice)
            let numbers = (0..<2).map { _ in Int.random(in: 1...999_999, using: &dice) }
            #expect(Self.name(first, numbers[0]) < Self.name(second, numbers[1]))
            #expect(Self.name(first, 7) < Self.name(first, 8))
        }
    }

    @Test(arguments: [
        "../../etc/passwd", "a b/c\n", "é", "api.example.com:8080", "\u{0}", String(repeating: "x", count: 400),
    ])
    func `an upstream's name makes no path of it`(upstream: String) {
        let name = Self.name(0, 1, upstream: upstream)
        #expect(name.utf8.count < 100)
        #expect(name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
        #expect(RecordingName.isOwn(name))
    }

    @Test(arguments: [
        "", "notes.yaml", "20260131.jsonl", "20260131T120000.123Z-00007-a", "x20260131T120000.123Z-000007-a",
    ])
    func `a file of another name is none of ours`(name: String) {
        #expect(!RecordingName.isOwn(name))
    }
}

// SPDX-License-Identifier: Apache-2.0

import EventStream
import TestSupport
import Testing

struct FrameSplitterTests {
    private func ends(_ text: String, _ kind: FrameSplitter.Kind = .events) -> [Int] {
        var splitter = FrameSplitter(kind)
        return splitter.ends(in: Array(text.utf8).span)
    }

    @Test(arguments: [
        ("data: a\n\ndata: b\n\n", [9, 18]),
        ("data: a\r\n\r\ndata: b\r\n\r\n", [11, 22]),
        ("data: a\r\rx", [9]),
        ("event: e\ndata: a\n", []),
        ("data: a\n\r\n", [10]),
        (": comment\n\n", [11]),
        ("\ndata: a\n\n", [1, 10]),
    ])
    func `a frame of events ends with its blank line`(text: String, expected: [Int]) {
        #expect(ends(text) == expected)
    }

    @Test func `a frame of lines ends with its line`() {
        #expect(ends("{\"a\":1}\n\r\n{}", .lines) == [8, 10])
    }

    @Test(arguments: [FrameSplitter.Kind.events, .lines])
    func `frames are the same however the bytes are cut`(kind: FrameSplitter.Kind) {
        var dice = Dice(seed: 3)
        for _ in 0..<3000 {
            let bytes = (0..<40).compactMap { _ in Array("ab\n\n\r:".utf8).randomElement(using: &dice) }
            var whole = FrameSplitter(kind)
            let expected = whole.ends(in: bytes.span)
            var parts = FrameSplitter(kind)
            var found: [Int] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + Int.random(in: 1...7, using: &dice))
                found += parts.ends(in: Array(bytes[start..<end]).span).map { $0 + start }
                start = end
            }
            // A cut between CR and LF leaves the LF to the next frame, where it is a blank line that says nothing.
            let isCutCRLF = { (end: Int) in end < bytes.count && bytes[end - 1] == 0x0D && bytes[end] == 0x0A }
            #expect(found.map { isCutCRLF($0) ? $0 + 1 : $0 } == expected)
        }
    }
}

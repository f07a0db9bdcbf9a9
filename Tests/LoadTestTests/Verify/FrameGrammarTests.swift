// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct FrameGrammarTests {
    private func kinds(_ frame: [UInt8]) -> [FindingKind] {
        var log = FindingLog()
        var grammar = FrameGrammar(frame[...], offset: 100, number: 3)
        _ = grammar.judge(&log)
        return log.findings.map(\.kind)
    }

    private func kinds(_ frame: String) -> [FindingKind] { kinds(Array(frame.utf8)) }

    @Test func `a plain event has nothing to be said of it`() {
        #expect(kinds("event: a\nid: 1\nretry: 10\ndata: x\ndata:y\ndata\n\n") == [])
    }

    @Test func `habits are noted`() {
        #expect(kinds(": hello\ndata: x\n\n") == [.comments])
        #expect(kinds("data: x\r\n\r\n") == [.lineEnds])
        #expect(kinds("data: x\r\r") == [.lineEnds])
        #expect(kinds("x-unknown: 1\ndata: x\n\n") == [.unknownFields])
    }

    @Test func `what clients drop or misread is against the grammar`() {
        #expect(kinds("retry: soon\n\n") == [.grammar])
        #expect(kinds("retry:\n\n") == [.grammar])
        #expect(kinds("event: x\n\n") == [.grammar])
        #expect(kinds("{\"a\":1}\n\n") == [.grammar])
        #expect(kinds("id: a\u{0}b\ndata: x\n\n") == [.ids])
    }

    @Test func `the place of a byte that is no UTF-8 is told`() {
        var log = FindingLog()
        var grammar = FrameGrammar((Array("data: é".utf8) + [0xFF, 0x0A, 0x0A])[...], offset: 100, number: 3)
        _ = grammar.judge(&log)
        #expect(log.findings.map(\.kind) == [.invalidUTF8])
        #expect(log.findings[0].offset == 108 && log.findings[0].event == 3)
        #expect(kinds(Array("data: ".utf8) + [0xED, 0xA0, 0x80, 0x0A, 0x0A]) == [.invalidUTF8])
    }

    @Test func `a byte order mark may come first`() {
        var log = FindingLog()
        var grammar = FrameGrammar(Array("\u{FEFF}data: x\n\n".utf8)[...], offset: 0, number: 1)
        _ = grammar.judge(&log)
        #expect(log.findings.isEmpty)
    }
}

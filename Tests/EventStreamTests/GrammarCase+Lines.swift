// SPDX-License-Identifier: Apache-2.0

import EventStream

extension GrammarCase {
    /// Encoding, byte order mark, line ends and comments.
    static let lines: [GrammarCase] = [
        GrammarCase("text of any script is UTF-8", "data: grün 你好 👩🏽‍💻\n\n", gives: [.init("grün 你好 👩🏽‍💻")]),
        GrammarCase(
            "bytes that are not UTF-8 reach the reader as they are",
            bytes: Array("data: ".utf8) + [0xFF, 0x80, 0xC3] + Array("\n\n".utf8),
            gives: [.init(data: [0xFF, 0x80, 0xC3])]
        ),
        GrammarCase("one byte order mark at the start is skipped", "\u{FEFF}data: a\n\n", gives: [.init("a")]),
        GrammarCase("a mark before an empty line is skipped", "\u{FEFF}\r\ndata: a\n\n", gives: [.init("a")]),
        GrammarCase(
            "a second byte order mark spoils the first line only",
            "\u{FEFF}\u{FEFF}data: lost\ndata: a\n\ndata: b\n\n",
            gives: [.init("a"), .init("b")]
        ),
        GrammarCase(
            "a byte order mark later on is part of a field's name",
            "data: a\n\n\u{FEFF}data: lost\n\ndata: b\n\n",
            gives: [.init("a"), .init("b")]
        ),
        GrammarCase(
            "a byte order mark in a value is text",
            "data: \u{FEFF}a\n\n",
            gives: [.init("\u{FEFF}a")]
        ),
        GrammarCase(
            "half a byte order mark is no mark",
            bytes: [0xEF, 0xBB] + Array("data: lost\ndata: a\n\n".utf8),
            gives: [.init("a")]
        ),
        GrammarCase(
            "a mark whose last byte differs is no mark",
            bytes: [0xEF, 0xBB, 0xBE] + Array("data: lost\ndata: a\n\n".utf8),
            gives: [.init("a")]
        ),
        GrammarCase("lines end with LF", "data: a\ndata: b\n\n", gives: [.init("a\nb")]),
        GrammarCase("lines end with CRLF", "data: a\r\ndata: b\r\n\r\n", gives: [.init("a\nb")]),
        GrammarCase("lines end with CR", "data: a\rdata: b\r\r", gives: [.init("a\nb")]),
        GrammarCase(
            "line ends may be mixed",
            "data: a\r\ndata: b\rdata: c\ndata: d\r\n\ndata: e\n\r\ndata: f\r\r\ndata: g\n\r",
            gives: [.init("a\nb\nc\nd"), .init("e"), .init("f"), .init("g")]
        ),
        GrammarCase("the LF of a CRLF is not another line end", "data: a\r\ndata: b\r\n", gives: []),
        GrammarCase("empty lines alone give nothing", "\n\r\r\n\n\r\n", gives: []),
        GrammarCase(
            "only CR and LF end a line",
            "data: a\u{2028}b\u{2029}c\u{85}d\u{B}e\u{C}f\n\n",
            gives: [.init("a\u{2028}b\u{2029}c\u{85}d\u{B}e\u{C}f")]
        ),
        GrammarCase("an empty line ends an event", "data: a\n\ndata: b\n\n", gives: [.init("a"), .init("b")]),
        GrammarCase(
            "a comment is ignored, and does not end an event",
            ": hello\ndata: a\n:\r\ndata: b\n:data: no\rdata: c\n: \0 zero\ndata: d\n\n",
            gives: [.init("a\nb\nc\nd")]
        ),
        GrammarCase(
            "a long comment is ignored",
            "data: a\n:" + String(repeating: "-", count: 500) + "\r\ndata: b\n\n",
            gives: [.init("a\nb")]
        ),
        GrammarCase("a block of comments only gives nothing", ":\n\n: still here\n\n", gives: []),
        GrammarCase("a block without its empty line is dropped", "data: a\n\nid: 9\ndata: b\n", gives: [.init("a")]),
        GrammarCase("a line that never ends is dropped", "data: a\n\ndata: b", gives: [.init("a")]),
    ]
}

// SPDX-License-Identifier: Apache-2.0

import EventStream

extension GrammarCase {
    /// The fields, one after the other.
    static let fields: [GrammarCase] = [
        GrammarCase("one space after the colon goes", "data: a\ndata:b\n\n", gives: [.init("a\nb")]),
        GrammarCase("of two spaces one stays", "data:  a\ndata:   \n\n", gives: [.init(" a\n  ")]),
        GrammarCase("a tab after the colon stays", "data:\ta\ndata: \tb\n\n", gives: [.init("\ta\n\tb")]),
        GrammarCase("spaces at the end stay", "data: a \n\n", gives: [.init("a ")]),
        GrammarCase("the first colon parts name and value", "data:a:b: c\ndata::\n\n", gives: [.init("a:b: c\n:")]),
        GrammarCase("the lines of data are joined by LF", "data: a\ndata\ndata: b\n\n", gives: [.init("a\n\nb")]),
        GrammarCase("empty data is an event", "data:\n\ndata\n\ndata: \n\n", gives: [.init(""), .init(""), .init("")]),
        GrammarCase("two empty lines of data are one LF", "data\ndata:\n\n", gives: [.init("\n")]),
        GrammarCase("an empty last line of data stays", "data: a\ndata\n\n", gives: [.init("a\n")]),
        GrammarCase("a NUL in data stays", "data: a\0b\ndata:\0\n\n", gives: [.init("a\0b\n\0")]),
        GrammarCase(
            "names are matched as they are",
            "Data: 1\nDATA: 2\n data: 3\nda-ta: 4\nda_ta: 5\ndata\0: 6\n\0data: 7\ndata : 8\ndat: 9\ndatas: 10\n\n"
                + "data: yes\n\n",
            gives: [.init("yes")]
        ),
        GrammarCase(
            "unknown names and lines without a colon are ignored",
            "data: a\nfoo: 1\nfoo\n{\"json\": true}\nretries: 5\ndata: b\n\n",
            gives: [.init("a\nb")]
        ),
        GrammarCase(
            "a type holds for one event",
            "event: tool\ndata: a\n\ndata: b\n\n",
            gives: [.init("a", type: "tool"), .init("b")]
        ),
        GrammarCase(
            "an empty type is a message",
            "event: tool\nevent:\ndata: a\n\nevent\ndata: b\n\n",
            gives: [.init("a"), .init("b")]
        ),
        GrammarCase(
            "the last type of a block holds, wherever it stands",
            "event: one\ndata: a\nevent:two\n\n",
            gives: [.init("a", type: "two")]
        ),
        GrammarCase("a type without data is forgotten", "event: x\n\ndata: a\n\n", gives: [.init("a")]),
        GrammarCase(
            "a type keeps its inner and outer spaces",
            "event:  to ol \ndata: a\n\n",
            gives: [.init("a", type: " to ol ")]
        ),
        GrammarCase(
            "an id holds until the next one",
            "id: 1\ndata: a\n\ndata: b\n\nid:2\ndata: c\n\n",
            gives: [.init("a", id: "1"), .init("b", id: "1"), .init("c", id: "2")]
        ),
        GrammarCase(
            "an empty id resets it",
            "id: 1\ndata: a\n\nid:\ndata: b\n\nid: 3\ndata: c\n\nid\ndata: d\n\n",
            gives: [.init("a", id: "1"), .init("b"), .init("c", id: "3"), .init("d")]
        ),
        GrammarCase("an id may be of any script", "id: …ü\ndata: a\n\n", gives: [.init("a", id: "…ü")]),
        GrammarCase("the last id of a block holds", "id: 1\ndata: a\nid: 2\n\n", gives: [.init("a", id: "2")]),
        GrammarCase(
            "an id with a NUL anywhere is ignored",
            "id: 1\ndata: a\n\nid: \0\ndata: b\n\nid:\0x\ndata: c\n\nid: x\0\ndata: d\n\nid: x\0y\ndata: e\n\n",
            gives: ["a", "b", "c", "d", "e"].map { .init($0, id: "1") }
        ),
        GrammarCase("an id without data counts", "id: 7\n\ndata: a\n\n", gives: [.init("a", id: "7")]),
        GrammarCase("retry is the reconnection time", "retry: 1500\n", gives: [], retry: 1500),
        GrammarCase("retry may begin with zeros", "retry: 03000\n\n", gives: [], retry: 3000),
        GrammarCase("retry may be zero", "retry:0\n\n", gives: [], retry: 0),
        GrammarCase("the last retry holds", "retry: 1\nretry: 2\n\nretry: 3\n", gives: [], retry: 3),
        GrammarCase(
            "a retry that is not digits only is ignored",
            "retry: 5\nretry: 1000x\nretry: -1\nretry: +1\nretry: 1.5\nretry: 1 \nretry:  1\nretry: 0x10\nretry: ٣\n",
            gives: [],
            retry: 5
        ),
        GrammarCase("an empty retry is ignored", "retry: 5\nretry\nretry:\nretry: \n", gives: [], retry: 5),
        GrammarCase(
            "a retry beyond all bounds is ignored",
            "retry: 5\nretry: 9999999999999999999\n",
            gives: [],
            retry: 5
        ),
        GrammarCase("a retry in an open line is not read yet", "retry: 1500", gives: [], retry: nil),
    ]
}

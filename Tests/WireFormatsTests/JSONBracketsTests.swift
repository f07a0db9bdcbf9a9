// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import WireFormats

/// Where a text of JSON is whole, and where it was cut.
struct JSONBracketsTests {
    private static let texts = [
        "{}", "[]", "[DONE]", #" {"a":[1,{"b":null}]} "#, #"{"a":"}]\"}","b\\":"\\"}"#, "[[],[[]],{\"é]\":[true]}]\n",
    ]

    @Test(arguments: texts)
    func `a whole text has closed all its brackets`(text: String) {
        #expect(JSONBrackets.areClosed(in: Array(text.utf8)))
    }

    @Test(arguments: texts)
    func `a text that is cut anywhere has not`(text: String) {
        var whole = Array(text.utf8)
        while let last = whole.last, last == 0x20 || last == 0x0A { whole.removeLast() }
        for length in 0..<whole.count {
            #expect(!JSONBrackets.areClosed(in: Array(whole[..<length])), "\(length)")
        }
    }

    @Test func `it does not matter in which pieces a text comes`() {
        var dice = Dice(seed: 5)
        let whole = Array(Self.texts[4].utf8)
        for _ in 0..<200 {
            var brackets = JSONBrackets()
            var start = 0
            while start < whole.count {
                #expect(!brackets.areClosed)
                let end = min(whole.count, start + Int.random(in: 1...4, using: &dice))
                brackets.take(Array(whole[start..<end]).span)
                start = end
            }
            #expect(brackets.areClosed)
        }
    }

    @Test(arguments: ["", " ", "7", "\"{}\"", "}", "{}}"])
    func `what is neither an object nor an array has no brackets to close, or too many to close`(text: String) {
        #expect(!JSONBrackets.areClosed(in: Array(text.utf8)))
    }

    @Test(arguments: ["data: {\"a\":1}", "data: [DONE]\n", "event: x\ndata: {\ndata: }", " {\"a\":1}"])
    func `a frame may lack its end`(frame: String) {
        #expect(StreamFrame.hasWholeData(Array(frame.utf8)))
    }

    @Test(arguments: [
        "", "\n", ": {}", "event: x", "data: {\"a\":1", "data: [DO", "dat", "event: x\ndata: {\ndata: ", "{\"a",
    ])
    func `a frame may not lack some of its data`(frame: String) {
        #expect(!StreamFrame.hasWholeData(Array(frame.utf8)))
    }
}

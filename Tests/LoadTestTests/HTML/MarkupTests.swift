// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

struct MarkupTests {
    @Test func `text and attributes are escaped`() {
        var page = Markup()
        page.element("p", ["title": "\"a\" & 'b'"], "<script>alert(1)</script>")
        #expect(
            page.text == "<p title=\"&quot;a&quot; &amp; &#39;b&#39;\">&lt;script&gt;alert(1)&lt;/script&gt;</p>"
        )
    }

    @Test func `what XML cannot hold is replaced`() {
        #expect("a\u{0}b\u{1B}c\u{FFFE}d\te".xmlEscaped == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d&#9;e")
    }

    @Test func `any text makes a well-formed page that says it`() {
        var dice = Dice(seed: 4)
        let signs = Array("<>&\"'=/ab\u{301}é🙂\n")
        for _ in 0..<500 {
            let text = String((0..<20).map { _ in signs[Int.random(in: 0..<signs.count, using: &dice)] })
            var page = Markup()
            page.element("p", ["title": text], text)
            let read = WellFormed(page.text)
            #expect(read.fault == nil)
            #expect(read.text == text)
        }
    }

    @Test func `the checker of these tests sees what is wrong`() {
        for page in ["<p>", "<p></b>", "</p>", "<p a=b></p>", "<p>&nbsp;</p>", "<p a=\"<\"></p>", "<p", "<p>></p>"] {
            #expect(WellFormed(page).fault != nil, "\(page)")
        }
        #expect(WellFormed("<!DOCTYPE html>\n<p a=\"1\">x &lt; y<br/></p>").fault == nil)
    }
}

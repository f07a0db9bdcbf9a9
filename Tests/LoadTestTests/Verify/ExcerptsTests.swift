// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct ExcerptsTests {
    @Test func `nothing that a server says steers a terminal`() {
        #expect(Excerpts.quoted("a\u{1B}[31m\n\u{9B}\u{200D}é\"".utf8) == #""a\u{001B}[31m\n\u{009B}\u{200D}é\"""#)
    }

    @Test func `what is long is cut`() {
        #expect(Excerpts.quoted("abcdef".utf8, limit: 3) == "\"abc…\"")
        #expect(Excerpts.around(Array("abcdef".utf8), 3) == "\"abc\" | \"def\"")
        #expect(Excerpts.around([], 3) == "\"\" | \"\"")
    }
}

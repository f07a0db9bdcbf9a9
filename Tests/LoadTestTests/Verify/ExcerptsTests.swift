// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct ExcerptsTests {
    @Test func `nothing that a server says steers a terminal`() {
        let quoted = Excerpts.quoted("a\u{1B}[31m\n\u{9B}\u{200D}\u{2028}z\"".utf8)
        #expect(quoted.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) })
        #expect(quoted.hasPrefix("\"a\\") && quoted.hasSuffix("z\\\"\""))
    }

    @Test func `what is long is cut`() {
        #expect(Excerpts.quoted("abcdef".utf8, limit: 3) == "\"abc…\"")
        #expect(Excerpts.around(Array("abcdef".utf8), 3) == "\"abc\" | \"def\"")
        #expect(Excerpts.around([], 3) == "\"\" | \"\"")
    }
}

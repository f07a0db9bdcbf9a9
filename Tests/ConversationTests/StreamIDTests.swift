// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing

struct StreamIDTests {
    @Test
    func `a name is 26 characters of lower-case base32`() {
        for _ in 0..<500 {
            let name = StreamID.random().description
            #expect(name.utf8.count == 26)
            #expect(name.allSatisfy { "abcdefghijklmnopqrstuvwxyz234567".contains($0) }, "\(name)")
        }
    }

    @Test
    func `a name that was written reads as the same`() {
        for _ in 0..<500 {
            let id = StreamID.random()
            #expect(StreamID(id.description) == id)
        }
    }

    @Test
    func `every character of a name counts`() throws {
        for base in ["aaaaaaaaaaaaaaaaaaaaaaaaaa", "h7777777777777777777777777"] {
            let id = try #require(StreamID(base))
            #expect(id.description == base)
            for index in base.indices {
                let other = base.replacingCharacter(at: index, with: index == base.startIndex ? "c" : "k")
                let changed = try #require(StreamID(other))
                #expect(changed != id)
                #expect(changed.description == other)
            }
        }
    }

    @Test
    func `names do not repeat`() {
        #expect(Set((0..<2_000).map { _ in StreamID.random() }).count == 2_000)
    }

    @Test(arguments: [
        "", "a", "aaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaa", "Aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaa1aaaaaaaaaaaa", "aaaaaaaaaaaaa8aaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaa=",
        "aaaaaaaaaaaaaaaaaaaaaaaaa ",
        "aaaaaaaaaaaaaaaaaaaaaaaaaé", "aaaaaaaaaaaaaaaaaaaaaaaaa\0", "iaaaaaaaaaaaaaaaaaaaaaaaaa",
        "7aaaaaaaaaaaaaaaaaaaaaaaaa",
    ])
    func `what is not such a name, or more than 128 bits, is refused`(text: String) {
        #expect(StreamID(text) == nil)
    }

    @Test
    func `a name is appended to what is there`() {
        let id = StreamID.random()
        var out = Array("id: ".utf8)
        id.append(to: &out)
        #expect(out == Array("id: \(id)".utf8))
    }
}

extension String {
    fileprivate func replacingCharacter(at index: Index, with character: Character) -> String {
        self[..<index] + String(character) + self[self.index(after: index)...]
    }
}

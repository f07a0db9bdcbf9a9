// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing

struct AnswerIdentityTests {
    private static func identity(seed: UInt64) -> AnswerIdentity {
        AnswerIdentity(model: "m", seed: seed, created: 1_750_000_000_999_999_999, inputTokens: 0)
    }

    @Test
    func `the same seed gives the same names, another gives others`() {
        #expect(Self.identity(seed: 1).name("x_") == Self.identity(seed: 1).name("x_"))
        let names = Set((0..<10_000).map { Self.identity(seed: UInt64($0)).name("x_") })
        #expect(names.count == 10_000)
    }

    @Test
    func `names of one answer are told apart by their salt`() {
        #expect(Set((0..<1000).map { Self.identity(seed: 1).name("x_", salt: $0) }).count == 1000)
    }

    @Test
    func `a name is as long as it should be, of letters and digits`() {
        let name = Self.identity(seed: 5).name("call_", length: 24)
        #expect(name.hasPrefix("call_") && name.count == 29)
        #expect(name.dropFirst(5).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
        #expect(Self.identity(seed: 5).hexName("req_").dropFirst(4).allSatisfy { $0.isHexDigit })
    }

    @Test
    func `seconds are whole`() {
        #expect(Self.identity(seed: 5).createdSeconds == 1_750_000_000)
    }
}

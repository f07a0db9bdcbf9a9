// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import TLS

struct ProtocolChoiceTests {
    private static let choice = ProtocolChoice(["h2", "http/1.1"])

    @Test(
        arguments: [
            (["http/1.1", "h2"], "h2"), (["h2"], "h2"), (["http/1.1"], "http/1.1"),
            (["spdy/3", "http/1.1"], "http/1.1"),
            (["http/1.0"], nil), (["h2c", "H2"], nil), ([], nil),
        ] as [([String], String?)]
    )
    func `the server's order counts`(offered: [String], chosen: String?) {
        #expect(Self.select(ProtocolChoice(offered).wire) == chosen)
    }

    @Test(
        arguments: [
            [2, 0x68, 0x32, 0], [0], [3, 0x68, 0x32], [2, 0x68, 0x32, 9, 1], [255],
        ] as [[UInt8]]
    )
    func `a malformed list is not chosen from`(list: [UInt8]) {
        #expect(Self.select(list) == nil)
    }

    @Test func `names that cannot be told are not`() {
        #expect(ProtocolChoice(["", String(repeating: "a", count: 256), "h2"]).wire == [2, 0x68, 0x32])
    }

    @Test func `whatever a client sends, only its own bytes are chosen`() {
        var dice = Dice(seed: 7)
        for _ in 0..<20_000 {
            let list = (0..<Int.random(in: 0...24, using: &dice)).map { _ in
                [0, 1, 2, 3, 8, 0x68, 0x32].randomElement(using: &dice) ?? UInt8(0)
            }
            let chosen = Self.select(list)
            #expect(chosen == nil || chosen == "h2" || chosen == "http/1.1")
        }
    }

    private static func select(_ list: [UInt8]) -> String? {
        list.withUnsafeBytes { bytes in
            choice.select(from: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
        }
    }
}

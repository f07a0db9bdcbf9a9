// SPDX-License-Identifier: Apache-2.0

import Logging
import TestSupport
import Testing

@testable import Gateway

struct LogLineTests {
    private static let time: Int64 = 1_750_000_000_123_456_789

    private func line(_ message: String, _ metadata: Logger.Metadata = [:]) -> String {
        String(decoding: LogLine.render(.info, message, metadata, time: Self.time), as: UTF8.self)
    }

    @Test func `a line has the time, the level and the message first, and the rest by name`() {
        #expect(
            line("Request ended", ["status": "200", "bytes": "12", "path": "/chat"])
                == "time=2025-06-15T15:06:40.123Z level=info message=\"Request ended\" bytes=12 path=/chat status=200\n"
        )
    }

    @Test(arguments: [
        ("", "\"\""), ("plain-/.:~", "plain-/.:~"), ("two words", "\"two words\""), ("a=b", "\"a=b\""),
        ("say \"hi\"", "\"say \\\"hi\\\"\""), ("back\\slash", "\"back\\\\slash\""), ("größer 你好", "\"größer 你好\""),
        ("a\nb\r\tc", "\"a\\nb\\r\\tc\""), ("\u{1b}[2J", "\"\\u{1b}[2J\""), ("\u{9b}2J\u{7f}", "\"\\u{9b}2J\\u{7f}\""),
        ("\u{202e}gnp", "\"\\u{202e}gnp\""), ("a\u{2028}b", "\"a\\u{2028}b\""),
    ])
    func `a value is quoted where it has to be`(value: String, shown: String) {
        #expect(line("x", ["v": "\(value)"]).hasSuffix(" v=\(shown)\n"))
    }

    @Test func `whatever is logged, a line is one line of visible text`() {
        var dice = Dice(seed: 1)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...40, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
            let value = String(decoding: bytes, as: UTF8.self)
            let text = line("x", ["v": "\(value)", "w": "1"])
            #expect(text.hasSuffix(" w=1\n"))
            #expect(text.unicodeScalars.dropLast().allSatisfy { $0.properties.generalCategory != .control })
        }
    }
}

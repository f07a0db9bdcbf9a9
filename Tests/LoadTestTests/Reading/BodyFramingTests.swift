// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

struct BodyFramingTests {
    private struct Body: Equatable {
        var bytes: [UInt8] = []
        var isDone = false
        var isBroken = false
        /// Bytes behind the body.
        var rest = 0
    }

    private static func read(_ text: String, _ length: ResponseHead.Length, cuts: [Int] = []) -> Body {
        let bytes = Array(text.utf8)
        var framing = BodyFraming()
        framing.begin(length)
        var body = Body()
        var start = 0
        for end in cuts + [bytes.count] where end > start {
            Array(bytes[start..<end]).withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                var cursor = ByteCursor(next: base, end: base + buffer.count)
                reading: while !body.isDone, !body.isBroken {
                    switch framing.next(&cursor) {
                    case .piece(let piece): body.bytes += piece
                    case .more: break reading
                    case .done: body.isDone = true
                    case .broken: body.isBroken = true
                    }
                }
                body.rest += cursor.count
            }
            start = end
        }
        return body
    }

    @Test(arguments: [
        ("3\r\nabc\r\n0\r\n\r\n", "abc"),
        ("1;x=\"y\"\r\na\r\n00B ;z\r\nhello world\r\n0;q\r\nT: v\r\nU:\r\n\r\n", "ahello world"),
        ("2\nab\n0\n\n", "ab"), ("0\r\n\r\n", ""), ("a\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
    ])
    func `chunks are joined, wherever they are cut`(text: String, body: String) {
        for cut in 0...text.utf8.count {
            #expect(Self.read(text, .chunked, cuts: [cut]) == Body(bytes: Array(body.utf8), isDone: true))
        }
        #expect(Self.read(text, .chunked, cuts: Array(0..<text.utf8.count)).bytes == Array(body.utf8))
        #expect(Self.read(text + "HTTP", .chunked).rest == 4)
    }

    @Test(arguments: [
        "x\r\n", "\r\n", ";a\r\n", "-1\r\n", "1\r\nabc", "1\rx", "1\r\na\rx", "FFFFFFFFFFFFFFFF\r\n", "0x1\r\n",
        "1;" + String(repeating: "x", count: 70_000), "0\r\n" + String(repeating: "T: v\r\n", count: 20_000),
    ])
    func `broken chunks are told`(text: String) {
        #expect(Self.read(text, .chunked).isBroken)
    }

    @Test func `a body of a length ends there, one without a length never`() {
        #expect(Self.read("abcd", .bytes(3)) == Body(bytes: Array("abc".utf8), isDone: true, rest: 1))
        #expect(Self.read("ab", .bytes(3)) == Body(bytes: Array("ab".utf8)))
        #expect(Self.read("ab", .untilClose, cuts: [1]) == Body(bytes: Array("ab".utf8)))
    }
}

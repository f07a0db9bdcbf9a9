// SPDX-License-Identifier: Apache-2.0

import EventStream
import Testing

struct FrameEncoderTests {
    @Test(arguments: [
        ("Hello", "data: Hello\n\n"),
        (" world", "data:  world\n\n"),
        ("", "data: \n\n"),
        ("\n", "data: \ndata: \n\n"),
        ("\r", "data: \ndata: \n\n"),
        ("\r\n", "data: \ndata: \n\n"),
        ("\n\n", "data: \ndata: \ndata: \n\n"),
        ("\r\r\n\n", "data: \ndata: \ndata: \ndata: \n\n"),
        ("\n\r", "data: \ndata: \ndata: \n\n"),
        ("a\nb\r\nc\rd", "data: a\ndata: b\ndata: c\ndata: d\n\n"),
        ("end\n", "data: end\ndata: \n\n"),
        ("\0", "data: \u{FFFD}\n\n"),
        ("a\0b\0", "data: a\u{FFFD}b\u{FFFD}\n\n"),
        ("\t\u{B}\u{C}\u{1}", "data: \t\u{B}\u{C}\u{1}\n\n"),
        ("\u{2028}\u{85}", "data: \u{2028}\u{85}\n\n"),
        ("\u{FEFF}x", "data: \u{FEFF}x\n\n"),
        ("[DONE]", "data: [DONE]\n\n"),
        ("data: x\n\nevent: fault\n", "data: data: x\ndata: \ndata: event: fault\ndata: \n\n"),
        (": x", "data: : x\n\n"),
        ("👩🏽‍💻", "data: 👩🏽‍💻\n\n"),
    ])
    func `a payload becomes the lines of one event`(payload: String, frame: String) {
        #expect(Self.encoded(payload) == frame)
    }

    @Test(arguments: [
        ("\n", "data: \n\n"),
        ("\nx", "data: x\n\n"),
        ("\n\n", "data: \ndata: \n\n"),
        ("\r\n", "data: \ndata: \n\n"),
        ("x\n", "data: x\ndata: \n\n"),
        ("", "data: \n\n"),
    ])
    func `after a CR that was sent, only an LF at the very start is left out`(payload: String, frame: String) {
        #expect(Self.encoded(payload, afterCarriageReturn: true) == frame)
    }

    @Test
    func `bytes that are not UTF-8 pass as they are`() {
        var out: [UInt8] = []
        FrameEncoder.appendData([0xFF, 0x80, 0x0A, 0xC3].span, to: &out)
        #expect(out == Array("data: ".utf8) + [0xFF, 0x80] + Array("\ndata: ".utf8) + [0xC3] + Array("\n\n".utf8))
    }

    @Test
    func `what is there already stays`() {
        var out = Array("id: 1\n".utf8)
        FrameEncoder.appendEventName("start", to: &out)
        FrameEncoder.appendData(Array("{}".utf8).span, to: &out)
        FrameEncoder.appendComment(to: &out)
        FrameEncoder.appendRetry(milliseconds: 2500, to: &out)
        #expect(String(decoding: out, as: UTF8.self) == "id: 1\nevent: start\ndata: {}\n\n:\n\nretry: 2500\n\n")
    }

    @Test
    func `a comment shows no client anything`() {
        var out: [UInt8] = []
        FrameEncoder.appendComment(to: &out)
        #expect(Reading(out) == Reading(""))
    }

    @Test(arguments: [0, 1, 1_000, 29_999])
    func `a client reads the retry that was written`(milliseconds: Int) {
        var out: [UInt8] = []
        FrameEncoder.appendRetry(milliseconds: milliseconds, to: &out)
        #expect(Reading(out).retryMilliseconds == milliseconds)
        #expect(Reading(out).events.isEmpty)
    }

    @Test(arguments: [0, 1, 9, 10, 11, 99, 100, 101, 1_234_567_890, UInt64(Int64.max), UInt64.max - 1, UInt64.max])
    func `a number is written as Swift writes it`(number: UInt64) {
        var out: [UInt8] = []
        FrameEncoder.appendDecimal(number, to: &out)
        #expect(String(decoding: out, as: UTF8.self) == String(number))
    }

    @Test
    func `every power of ten, and the number before it, is written in full`() {
        for power in sequence(first: UInt64(1), next: { $0 > UInt64.max / 10 ? nil : $0 * 10 }) {
            for number in [power - 1, power, power + 1] {
                var out: [UInt8] = []
                FrameEncoder.appendDecimal(number, to: &out)
                #expect(String(decoding: out, as: UTF8.self) == String(number))
            }
        }
    }

    @Test
    func `a literal is appended as UTF-8`() {
        var out: [UInt8] = []
        FrameEncoder.append("é你", to: &out)
        FrameEncoder.append(StaticString(unicodeScalarLiteral: "…"), to: &out)
        FrameEncoder.append("", to: &out)
        #expect(String(decoding: out, as: UTF8.self) == "é你…")
    }

    private static func encoded(_ payload: String, afterCarriageReturn: Bool = false) -> String {
        var out: [UInt8] = []
        FrameEncoder.appendData(Array(payload.utf8).span, afterCarriageReturn: afterCarriageReturn, to: &out)
        return String(decoding: out, as: UTF8.self)
    }
}

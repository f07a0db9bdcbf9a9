// SPDX-License-Identifier: Apache-2.0

import JSON
import MockModel
import TestSupport
import Testing
import Typewriter
import WireFormats

struct FaultedFramesTests {
    private let chat = FaultRun.chat(4)

    private func play(_ faults: String, _ frames: [FaultRun.Frame]? = nil, lines: Bool = false) throws -> String {
        try FaultRun(faults, frames ?? chat, isEventStream: !lines).text
    }

    @Test func `a terminator is missing, or comes twice`() throws {
        #expect(try play("missing_done") == FaultRun.text(chat.dropLast()))
        #expect(try play("doubled_done") == FaultRun.text(chat) + chat[7].text)
    }

    @Test func `the reason to end is missing`() throws {
        #expect(try play("missing_finish") == FaultRun.text(chat[..<5] + chat[6...]))
    }

    @Test(arguments: 0...4)
    func `a frame is lost, comes twice, or after the next one`(units: Int) throws {
        // Frame 0 is of structure; after the last unit, the next frame is the one that ends.
        let next = units + 1
        #expect(try play("lose@\(units)") == FaultRun.text(chat[..<next] + chat[(next + 1)...]))
        #expect(try play("duplicate@\(units)") == FaultRun.text(chat[...next] + chat[next...]))
        var swapped = chat
        swapped.swapAt(next, next + 1)
        #expect(try play("reorder@\(units)") == FaultRun.text(swapped))
    }

    @Test func `a frame that waits for the next one leaves at the end`() throws {
        #expect(try play("reorder@0", [FaultRun.unit(0)]) == FaultRun.unit(0).text)
    }

    @Test func `places in bytes and in time mean the next frame of any kind`() throws {
        #expect(try play("lose@0b") == FaultRun.text(chat[1...]))
        let run = try FaultRun("lose@15ms", chat, gap: 10 * .millisecond)
        #expect(run.text == FaultRun.text(chat[..<2] + chat[3...]))
    }

    @Test func `several frames are lost`() throws {
        #expect(try play("lose,lose,lose") == FaultRun.text(chat[..<1] + chat[4...]))
    }

    @Test(arguments: 0...4)
    func `half of a frame, then the connection is closed`(units: Int) throws {
        let run = try FaultRun("truncate@\(units)", chat)
        let half = Array(chat[units + 1].text.utf8)
        #expect(run.bytes == Array(FaultRun.text(chat[...units]).utf8) + half[..<(half.count / 2)])
        #expect(run.last == .close)
    }

    @Test func `half of a frame that does not come is none`() throws {
        let run = try FaultRun("truncate@4", Array(chat[..<5]))
        #expect(run.text == FaultRun.text(chat[..<5]))
        #expect(run.last == .close)
        #expect(try FaultRun("truncate", [("x", .unit), ("y", .unit)]).text == "x")
    }

    @Test func `broken JSON lacks its last brace, in the next frame that has any`() throws {
        #expect(try play("malformed_json@1").contains("data: {\"content\":\"u1é😀\"\n\n"))
        #expect(try play("malformed_json@1").utf8.count == FaultRun.text(chat).utf8.count - 1)
        let frames: [FaultRun.Frame] = [("data: Hi {}\n\n", .unit), ("data: {\"a\":{}}\n\n", .unit)]
        #expect(try play("malformed_json", frames) == "data: Hi {}\n\ndata: {\"a\":{}\n\n")
        #expect(
            try play("malformed_json", FaultRun.lines(2), lines: true).hasPrefix(
                "{\"message\":{\"content\":\"u0é\"},\"done\":false\n"
            )
        )
    }

    @Test(arguments: [
        ("data: {\"id\":\"x\",\"delta\":{\"content\":\"Hi\"},\"end\":null}\n\n", "\"content\":\"|Hi\""),
        ("data: {\"content\":{\"parts\":[{\"text\":\"\\\"Hi\\\\\"}],\"role\":\"model\"}}\n\n", "\"text\":\"|\\\""),
        ("data: {\"model\":\"m\",\"n\":1}\n\n", "\"model\":\"|m\""),
        ("data: {\"n\":1}\n\n", "data: |{"),
        ("event: a\ndata: Hi\n\n", "data: |Hi"),
        (": Hi\n\n", "|: Hi"),
    ])
    func `a byte that is no UTF-8 is put into what the model says`(frame: String, expected: String) throws {
        let bytes = try FaultRun("invalid_utf8", [(frame, .unit)]).bytes
        let place = bytes.firstIndex(of: 0xFF) ?? 0
        #expect(bytes.count == frame.utf8.count + 1)
        #expect(
            String(decoding: bytes[..<place] + [UInt8(ascii: "|")] + bytes[(place + 1)...], as: UTF8.self).contains(
                expected
            )
        )
    }

    @Test func `comments and unknown fields come before each event, and in its JSON`() throws {
        let frames: [FaultRun.Frame] = [
            ("event: a\ndata: {\"x\":1}\n\n", .structure), ("data: Hi\r\n\r\n: beat\n\n", .unit),
            ("data: { }\n\n", .unit),
        ]
        #expect(
            try play("comments", frames)
                == ": a comment\nevent: a\ndata: {\"x\":1}\n\n: a comment\r\ndata: Hi\r\n\r\n: beat\n\n"
                + ": a comment\ndata: { }\n\n"
        )
        #expect(
            try play("unknown_fields", frames)
                == "x-unknown: 1\nevent: a\ndata: {\"x\":1,\"x_unknown\":1}\n\n"
                + "x-unknown: 1\r\ndata: Hi\r\n\r\n: beat\n\n"
                + "x-unknown: 1\ndata: { \"x_unknown\":1}\n\n"
        )
        #expect(try play("unknown_fields,comments", frames).hasPrefix(": a comment\nx-unknown: 1\nevent: a\n"))
    }

    @Test func `in lines of JSON there are no comments, and an unknown member alone`() throws {
        let lines: [FaultRun.Frame] = [
            ("{\"a\":1}\n", .unit), ("[{\"a\":1}", .unit), (",\r\n{}", .unit), ("]", .finish),
        ]
        #expect(try play("comments", lines, lines: true) == FaultRun.text(lines))
        #expect(
            try play("unknown_fields", lines, lines: true)
                == "{\"a\":1,\"x_unknown\":1}\n[{\"a\":1,\"x_unknown\":1},\r\n{\"x_unknown\":1}]"
        )
    }

    @Test func `line ends are rewritten, each once`() throws {
        let frames: [FaultRun.Frame] = [("a\nb\r\nc\rd\n\n", .unit), ("e\n", .unit)]
        #expect(Array(try play("line_ends:crlf", frames).utf8) == Array("a\r\nb\r\nc\r\nd\r\n\r\ne\r\n".utf8))
        #expect(Array(try play("line_ends:cr", frames).utf8) == Array("a\rb\rc\rd\r\re\r".utf8))
    }

    @Test func `a giant frame has its blanks before its JSON`() throws {
        let run = try FaultRun("giant:200000@1", chat)
        let grown = "data: " + String(repeating: " ", count: 200_000) + chat[2].text.dropFirst(6)
        #expect(run.text == FaultRun.text(chat[..<2]) + grown + FaultRun.text(chat[3...]))
        #expect(run.writes.allSatisfy { $0.bytes.count <= 65536 })
        #expect(try play("giant:3,lose@1", [("data: Hi\n\n", .unit)]) == ":xxx\n\ndata: Hi\n\n")
        #expect(try play("giant:3", [("{}\n", .unit)], lines: true) == "   {}\n")
        #expect(try play("giant:3", [("Hi", .unit)], lines: true) == "   Hi")
        #expect(
            try play("giant:30,truncate", [("data: {}\n\n", .unit)]) == "data: " + String(repeating: " ", count: 14)
        )
    }

    @Test func `a body that is not streamed is a frame like others`() throws {
        let body: [FaultRun.Frame] = [("{\n  \"choices\": [{\"content\": \"Hi\"}]\n}", .unit)]
        #expect(try play("malformed_json", body, lines: true) == "{\n  \"choices\": [{\"content\": \"Hi\"}]\n")
        #expect(try play("close@5b", body, lines: true) == "{\n  \"")
        #expect(try play("unknown_fields", body, lines: true).hasSuffix("}]\n,\"x_unknown\":1}"))
    }

    @Test func `alterations of one frame are combined in their order`() throws {
        let text = try play("duplicate@1,malformed_json@1,unknown_fields,line_ends:crlf,comments,lose@3")
        let broken = ": a comment\r\nx-unknown: 1\r\ndata: {\"content\":\"u1é😀\",\"x_unknown\":1\r\n\r\n"
        #expect(text.contains(broken + broken))
        #expect(!text.contains("u2"))
    }
}

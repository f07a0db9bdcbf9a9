// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import WireFormats

struct PlainStreamFramesTests {
    private static let sid = String(repeating: "a", count: 25) + "b"
    private let id: StreamID

    init() throws {
        id = try #require(StreamID(Self.sid))
    }

    @Test
    func `the start frame tells what the stream is`() {
        let start = PlainStreamStart(model: "a\"b", unit: "word", rate: 0.5, seed: .max, created: 7)
        let data =
            #"{"id":"\#(Self.sid)","model":"a\"b","unit":"word","rate":0.5,"seed":"18446744073709551615","#
            + #""created":7,"resumed":true}"#
        #expect(
            written { $0.appendStart(start, offset: 12, resumed: true, to: &$1) }
                == "event: start\nid: \(Self.sid).12\ndata: \(data)\n\n"
        )
    }

    @Test(arguments: [
        ("a", false, "data: a\n\n"), (" a", false, "data:  a\n\n"),
        ("a\nb", false, "data: a\ndata: b\n\n"),
        ("a\r\nb\rc", false, "data: a\ndata: b\ndata: c\n\n"), ("\n", true, "data: \n\n"),
        ("\0", false, "data: \u{FFFD}\n\n"),
    ])
    func `a unit in text format is its lines`(unit: String, afterCR: Bool, data: String) {
        let frame = written {
            $0.appendUnit(Array(unit.utf8).span, end: 3, afterCarriageReturn: afterCR, to: &$1)
        }
        #expect(frame == "id: \(Self.sid).3\n\(data)")
    }

    @Test
    func `a unit in JSON format keeps every byte`() {
        let frame = written(.json) {
            $0.appendUnit(Array("\r\n\0\"😀".utf8).span, end: 99, afterCarriageReturn: true, to: &$1)
        }
        #expect(frame == "id: \(Self.sid).99\ndata: {\"delta\":\"\\r\\n\\u0000\\\"😀\"}\n\n")
    }

    @Test
    func `the last frame is [DONE], or the fault`() {
        #expect(written { $0.appendDone(to: &$1) } == "id: \(Self.sid).end\ndata: [DONE]\n\n")
        let fault = ChatFault(
            kind: .upstreamTimeout,
            message: "m\n",
            retryable: true,
            status: 5,
            clock: .firstToken
        )
        let data =
            #"{"kind":"upstream_timeout","message":"m\n","retryable":true,"status":5,"clock":"first_token"}"#
        #expect(
            written { $0.appendFault(fault, to: &$1) }
                == "event: fault\nid: \(Self.sid).end\ndata: \(data)\n\n"
        )
    }

    @Test
    func `named events bear no id`() {
        var out: [UInt8] = []
        PlainStreamFrames.appendReasoning(Array("hm".utf8), to: &out)
        PlainStreamFrames.appendToolCall(
            .init(index: 0, id: nil, name: "f", arguments: Array("{\"".utf8)),
            to: &out
        )
        PlainStreamFrames.appendUsage(.init(inputTokens: 1, outputTokens: 2), to: &out)
        let expected = """
            event: reasoning\ndata: {"delta":"hm"}\n\n\
            event: tool\ndata: {"index":0,"id":null,"name":"f","arguments":"{\\""}\n
            event: usage\ndata: {"input_tokens":1,"output_tokens":2}\n\n
            """
        #expect(String(decoding: out, as: UTF8.self) == expected)
    }

    @Test
    func `an error's body has a code, a message and a parameter or null`() {
        #expect(
            PlainStreamError.body(code: "c", message: "m")
                == Array(#"{"error":{"code":"c","message":"m","param":null}}"#.utf8)
        )
        let body = PlainStreamError.body(code: "c", message: "m", parameter: "p")
        #expect(body == Array(#"{"error":{"code":"c","message":"m","param":"p"}}"#.utf8))
    }

    @Test(arguments: ["0", "7", "0000000007", "9999999999"])
    func `a cursor is a stream and an offset`(offset: String) {
        #expect(PlainStreamCursor("\(Self.sid).\(offset)") == .after(id, offset: Int(offset) ?? -1))
    }

    @Test(arguments: ["\(sid).end", ".end", "anything.end", "a.b.end"])
    func `whatever ends in .end is the end`(text: String) {
        #expect(PlainStreamCursor(text) == .end)
    }

    @Test(arguments: [
        "", "end", sid, "\(sid).", ".7", "\(sid).-1", "\(sid).+1", "\(sid).1.2", "\(sid).1 ",
        "\(sid).10000000000",
        "\(sid).x", "\(sid)a.1", "\(sid.dropLast()).1", "\(sid.uppercased()).1", "\(sid).٣",
        "\(sid).END", "z\(sid.dropFirst()).1",
    ])
    func `what this server never gave is no cursor`(text: String) {
        #expect(PlainStreamCursor(text) == nil)
    }

    private func written(
        _ format: PlainStreamRequest.Format = .text,
        _ body: (PlainStreamFrames, inout [UInt8]) -> Void
    ) -> String {
        var out: [UInt8] = []
        body(PlainStreamFrames(id: id, format: format), &out)
        return String(decoding: out, as: UTF8.self)
    }
}

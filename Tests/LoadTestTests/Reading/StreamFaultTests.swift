// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing

@testable import LoadTest

/// What can be wrong with a response, and how it is called.
struct StreamFaultTests {
    private static let chat = #"data: {"choices":[{"index":0,"delta":{"content":"a"}}]}"# + "\n\n"
    private static let empty = #"data: {"choices":[{"index":0,"delta":{"content":""}}]}"# + "\n\n"
    private static let done = "data: [DONE]\n\n"
    private static let error = #"data: {"error":{"message":"no"}}"# + "\n\n"

    private static func end(_ frames: [String], _ format: StreamFormat = .openAIChat) -> StreamEnd? {
        let bytes = PlayedResponse.chunked(frames, type: SampleStream.type(format))
        return PlayedResponse.play(bytes, to: TargetReader(target: PlayedResponse.target(format))).end
    }

    @Test(
        arguments: [
            ([chat, done], .complete), ([chat], .truncated), ([], .truncated), ([done], .empty),
            ([empty, done], .empty),
            ([chat, error], .errorEvent), ([chat, error, done], .errorEvent), ([error], .errorEvent),
            ([chat, done, done], .grammar), ([chat, done, chat], .grammar), (["data: nonsense\n\n"], .grammar),
            (["data: [1]\n\n"], .grammar), ([chat, done, ": bye\n\n"], .complete),
            (["\u{FEFF}" + chat, done], .complete), ([": hello\n" + chat, done], .complete),
            ([chat, "data:\n\n", "data: [DONE] \n\n"], .complete), ([chat, "data: [DONE]"], .complete),
            ([chat, "data: [DO"], .truncated),
            (["unknown: x\n" + chat, "retry: 5\n\n", done], .complete),
            ([#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}"# + "\n\n"], .errorEvent),
            (
                [#"data: {"choices":[{"delta":{"tool_calls":[{"function":{"name":"f"}}]}}]}"# + "\n\n", done],
                .complete
            ),
        ] as [([String], StreamEnd)]
    )
    func `a chat's stream ends as its events say`(frames: [String], end: StreamEnd) {
        #expect(Self.end(frames) == end)
    }

    @Test(
        arguments: [
            (["data: a\n\n"], .complete), (["data: a\n\n", done], .complete), (["data:\n\n"], .empty), ([], .empty),
            (["event: error\ndata: x\n\n"], .errorEvent), (["event: fault\ndata: {}\n\n"], .errorEvent),
            (["event: news\ndata: x\n\n"], .complete), (["event: ping\ndata: x\n\n"], .empty),
            (["data: a\n\n", done, "data: b\n\n"], .grammar), (["data: a\n\n", "data: b"], .complete),
            (["\u{FEFF}data: a\n\n"], .complete), (["event: reasoning\ndata: {}\n\n", done], .complete),
        ] as [([String], StreamEnd)]
    )
    func `a foreign event source ends when it ends, unless it says otherwise`(frames: [String], end: StreamEnd) {
        #expect(Self.end(frames, .eventSource) == end)
    }

    @Test(
        arguments: [
            ([#"{"message":{"content":"a"},"done":false}"#, #"{"done":true,"eval_count":4}"#], .complete),
            ([#"{"response":"a","done":true}"#], .complete), ([#"{"response":"a","done":false}"#], .truncated),
            ([#"{"response":"a"}"#, #"{"error":"no"}"#], .errorEvent), ([#"{"response":"a"}"#, "", "{"], .grammar),
            ([#"{"done":true}"#, #"{"done":true}"#], .grammar), ([#"{"done":true}"#], .empty),
        ] as [([String], StreamEnd)]
    )
    func `a stream of lines ends with done`(lines: [String], end: StreamEnd) {
        #expect(Self.end(lines.map { $0 + "\n" }, .ollama) == end)
        let bytes = PlayedResponse.chunked([lines.joined(separator: "\r\n")], type: SampleStream.type(.ollama))
        let played = PlayedResponse.play(bytes, to: TargetReader(target: PlayedResponse.target(.ollama)))
        #expect(played.end == (end == .grammar && lines.last == "{" ? .truncated : end))
    }

    @Test(
        arguments: [
            (.eventSource, ["data: a\n\n"], .noCloseNotify), (.eventSource, ["data: a\n\n", done], .complete),
            (.eventSource, [], .empty), (.openAIChat, [chat], .truncated), (.openAIChat, [chat, done], .complete),
            (.eventSource, ["event: error\ndata: x\n\n"], .errorEvent),
        ] as [(StreamFormat, [String], StreamEnd)]
    )
    func `a body that only the connection's end ends is whole only where TLS has said that this was all`(
        format: StreamFormat,
        frames: [String],
        end: StreamEnd
    ) {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
        for (isCut, expected) in [(true, end), (false, end == .noCloseNotify ? .complete : end)] {
            let reader = TargetReader(target: PlayedResponse.target(format))
            let played = PlayedResponse.play(Array((head + frames.joined()).utf8), to: reader, isCut: isCut)
            #expect(played.end == expected)
        }
    }

    @Test func `an answer that has told its end is whole, though its body's never comes`() {
        let told: [([String], StreamFormat, StreamEnd?)] = [
            ([Self.chat], .openAIChat, nil), ([], .openAIChat, nil), ([Self.chat, Self.done], .openAIChat, .complete),
            ([Self.done], .openAIChat, .empty), ([Self.chat, Self.error], .openAIChat, .errorEvent),
            (["data: a\n\n", Self.done], .eventSource, .complete), (["data: a\n\n"], .eventSource, nil),
        ]
        for (frames, format, end) in told {
            let reader = TargetReader(target: PlayedResponse.target(format))
            let bytes = PlayedResponse.chunked(frames).dropLast("0\r\n\r\n".utf8.count)
            var state = ResponseState()
            let progress = Array(bytes).withUnsafeBytes { reader.read($0, &state) { _ in } }
            #expect(progress == .more)
            #expect(reader.verdict(ofTold: state) == end)
            #expect(state.lacksBodyEnd == (end == .complete || end == .empty))
        }
    }

    @Test func `of Gemini's choices another may still come, and an error's body tells nothing`() {
        let text = #"data: {"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}"# + "\n\n"
        let refusal = "HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n"
        for bytes in [PlayedResponse.chunked([text]).dropLast(5), Array(refusal.utf8)[...]] {
            let reader = TargetReader(target: PlayedResponse.target(.gemini))
            var state = ResponseState()
            _ = Array(bytes).withUnsafeBytes { reader.read($0, &state) { _ in } }
            #expect(reader.verdict(ofTold: state) == nil)
        }
    }

    @Test func `some interim responses may come before the answer, but not without end`() {
        let interim = "HTTP/1.1 100 Continue\r\n\r\n"
        let answer = PlayedResponse.chunked([Self.chat, Self.done])
        for (count, end) in [(1, .complete), (100, .complete), (101, .notAStream)] as [(Int, StreamEnd)] {
            let bytes = Array(String(repeating: interim, count: count).utf8) + answer
            let reader = TargetReader(target: PlayedResponse.target(.openAIChat))
            #expect(PlayedResponse.play(bytes, to: reader).end == end)
        }
        let endless = Array(String(repeating: interim, count: 1000).utf8)
        let reader = TargetReader(target: PlayedResponse.target(.openAIChat))
        #expect(PlayedResponse.play(endless, to: reader, closes: false).end == .notAStream)
    }

    @Test func `Gemini's last event is content and the end`() {
        let text = #"data: {"candidates":[{"content":{"parts":[{"text":"a"}]}}]}"# + "\n\n"
        let thought = text.replacing(#""text":"a""#, with: #""text":"a","thought":true"#)
        let last = text.replacing(
            "]}}]}",
            with: #"]},"finishReason":"STOP"}],"usageMetadata":{"candidatesTokenCount":2}}"#
        )
        let reader = TargetReader(target: PlayedResponse.target(.gemini))
        let played = PlayedResponse.play(PlayedResponse.chunked([thought, text, last]), to: reader)
        #expect(played.kinds == [.reasoning, .text, .text, .end])
        #expect(played.end == .complete)
        #expect(played.tokens == 2)
        #expect(Self.end([text], .gemini) == .truncated)
        #expect(Self.end([text, last, last], .gemini) == .grammar)
        #expect(Self.end([text, "{\n  \"error\": {\"code\": 503}\n}\n"], .gemini) == .errorEvent)
    }

    @Test(arguments: [nil, StreamFormat.openAIChat])
    func `what is no stream is said to be none`(format: StreamFormat?) {
        let heads = [
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", "HTTP/2 200\r\n\r\n", "SSH-2.0-x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 101 Switching\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 70_000),
        ]
        for head in heads {
            let reader = TargetReader(target: PlayedResponse.target(format))
            #expect(PlayedResponse.play(Array(head.utf8), to: reader).end == .notAStream, "\(head.prefix(60))")
        }
    }

    @Test func `until the close, a stream ends with its last event`() {
        let head = "HTTP/1.0 200 OK\r\ncontent-TYPE: Text/Event-Stream\r\n\r\n"
        let reader = TargetReader(target: PlayedResponse.target(.openAIChat))
        let whole = PlayedResponse.play(Array((head + Self.chat + Self.done).utf8), to: reader, closes: false)
        #expect(whole.end == .complete)
        #expect(!whole.isReusable)
        #expect(PlayedResponse.play(Array((head + Self.chat).utf8), to: reader).end == .truncated)
        let failed = PlayedResponse.play(Array((head + Self.error).utf8), to: reader, closes: false)
        #expect(failed.end == .errorEvent)
    }

    @Test(arguments: [
        ("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\noops", true), ("HTTP/1.1 429\r\nContent-Length: 0\r\n\r\n", true),
        ("HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nno\r\n0\r\nX: y\r\n\r\n", true),
        ("HTTP/1.1 500 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno", false),
        ("HTTP/1.1 500 No\r\n\r\nno", false),
        ("HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 204 No\r\n\r\n", true),
        ("HTTP/1.0 400 No\r\nContent-Length: 0\r\n\r\n", false),
        ("HTTP/1.0 400 No\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", true),
        ("HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\nno", false),
        ("HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno!", false),
    ])
    func `a status other than 200 is told, and its body read`(response: String, isReusable: Bool) {
        let bytes = Array(response.utf8)
        for cut in 0...bytes.count {
            let reader = TargetReader(target: PlayedResponse.target(.openAIChat))
            let played = PlayedResponse.play(bytes, to: reader, cuts: [cut])
            #expect(played.end == .status)
            // Cut right before what is too much, the connection looks well.
            if !response.hasSuffix("!") || cut == bytes.count { #expect(played.isReusable == isReusable) }
        }
    }

    @Test func `a connection that ends early has a name`() {
        let reader = TargetReader(target: PlayedResponse.target(.openAIChat))
        #expect(PlayedResponse.play([], to: reader).end == .reset)
        #expect(PlayedResponse.play(Array("HTTP/1.1 2".utf8), to: reader).end == .reset)
        let bytes = PlayedResponse.chunked([Self.chat, Self.chat])
        #expect(PlayedResponse.play(bytes.dropLast(5), to: reader).end == .truncated)
        #expect(PlayedResponse.play(bytes.dropLast(20), to: reader).end == .truncated)
        let done = PlayedResponse.play(PlayedResponse.chunked([Self.chat, Self.done]).dropLast(5), to: reader)
        #expect(done.end == .complete)
        #expect(!done.isReusable)
    }

    @Test func `an event of more than 8 MiB is none`() {
        let giant = "data: {\"x\":\"" + String(repeating: "x", count: 9 << 20)
        let bytes = PlayedResponse.chunked([giant])
        let reader = TargetReader(target: PlayedResponse.target(.openAIChat))
        let cuts = Array(stride(from: 0, to: bytes.count, by: 65_536))
        #expect(PlayedResponse.play(bytes, to: reader, cuts: cuts).end == .grammar)
    }
}

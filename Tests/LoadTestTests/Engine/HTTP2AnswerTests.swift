// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHPACK
import Testing

@testable import LoadTest

/// What a server says over HTTP/2 is read as HTTP/1.1's chunks: the reader's verdicts on both are the same.
struct HTTP2AnswerTests {
    private let fields = HPACKHeaders([(":status", "200"), ("content-type", "text/event-stream")])

    /// The end of an answer of these frames; `isWhole`: the server has ended the stream.
    private func end(_ frames: [String], fields: HPACKHeaders? = nil, isWhole: Bool = true) throws -> ResponseProgress {
        var target = try Target(url: "https://h/v1/chat/completions")
        target.format = .openAIChat
        let reader = TargetReader(target: target)
        var state = ResponseState()
        var pieces = [HTTP2Answer.head(fields ?? self.fields) ?? []]
        for frame in frames {
            pieces += [HTTP2Answer.chunkHead(frame.utf8.count), Array(frame.utf8), HTTP2Answer.chunkEnd]
        }
        if isWhole { pieces.append(HTTP2Answer.bodyEnd) }
        for piece in pieces {
            let progress = piece.withUnsafeBytes { reader.read($0, &state) { _ in } }
            if progress != .more { return progress }
        }
        return reader.closed(&state) { _ in }
    }

    private let delta = chunk(#"{"index":0,"delta":{"content":"x"}}"#)
    private let last = chunk(#"{"index":0,"delta":{},"finish_reason":"stop"}"#)

    private static func chunk(_ choice: String) -> String {
        #"data: {"id":"a","object":"chat.completion.chunk","choices":["# + choice + "]}"
    }

    @Test func `a whole answer is complete, however its frames are cut`() throws {
        let text = "\(delta)\n\n\(last)\n\ndata: [DONE]\n\n"
        #expect(try end([text]) == .ended(.complete, status: 200, isReusable: true))
        #expect(try end(text.map(String.init)) == .ended(.complete, status: 200, isReusable: true))
    }

    @Test func `an answer without its end is truncated, whether the server closes it or not`() throws {
        #expect(try end(["\(delta)\n\n"]) == .ended(.truncated, status: 200, isReusable: true))
        #expect(try end(["\(delta)\n\n"], isWhole: false) == .ended(.truncated, status: 200, isReusable: false))
    }

    @Test func `a status is told`() throws {
        let fields = HPACKHeaders([(":status", "429"), ("content-type", "application/json")])
        #expect(try end(["{}"], fields: fields) == .ended(.status, status: 429, isReusable: true))
        let empty = try end([], fields: HPACKHeaders([(":status", "204")]))
        #expect(empty == .ended(.status, status: 204, isReusable: true))
    }

    @Test func `what is no stream of events is none`() throws {
        let page = HPACKHeaders([(":status", "200"), ("content-type", "text/html")])
        #expect(try end(["<p>"], fields: page) == .ended(.notAStream, status: 200, isReusable: false))
        let coded = HPACKHeaders([(":status", "200"), ("content-encoding", "br")])
        #expect(try end(["x"], fields: coded) == .ended(.notAStream, status: 200, isReusable: false))
    }

    @Test func `no value of a field begins a line of its own, and no head is without a status`() throws {
        let fields = HPACKHeaders([(":status", "200"), ("content-type", "text/event-stream\r\ncontent-length: 1")])
        let head = String(decoding: try #require(HTTP2Answer.head(fields)), as: UTF8.self)
        #expect(!head.contains("\r\ncontent-length"))
        for status in ["", "20", "2000", "abc", "2\r\n"] {
            #expect(HTTP2Answer.head(HPACKHeaders([(":status", status)])) == nil)
        }
        #expect(HTTP2Answer.head(HPACKHeaders([("grpc-status", "0")])) == nil)
    }

    @Test func `a request of HTTP/2 has HTTP/1's fields but those of connections`() throws {
        var target = try Target(url: "https://h:8443/a?b")
        target.headers = [
            .init(name: "Authorization", value: "Bearer k"), .init(name: "Keep-Alive", value: "5"),
            .init(name: "User-Agent", value: "mine"),
        ]
        target.body = Array("{}".utf8)
        let request = HTTP2Request(target, userAgent: "ours")
        let fields = request.headers.map { "\($0.name): \($0.value)" }
        #expect(
            fields == [
                ":method: POST", ":scheme: https", ":path: /a?b", ":authority: h:8443",
                "accept: text/event-stream, */*", "content-type: application/json", "content-length: 2",
                "authorization: Bearer k", "user-agent: mine",
            ]
        )
        #expect(request.body?.readableBytes == 2)
        target.headers = [.init(name: "Host", value: "other")]
        target.body = nil
        let get = HTTP2Request(target, userAgent: "ours")
        #expect(get.headers.first(name: ":authority") == "other" && get.headers.first(name: ":method") == "GET")
        #expect(get.body == nil && !get.headers.contains(name: "host"))
    }
}

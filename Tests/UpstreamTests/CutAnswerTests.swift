// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing

@testable import Upstream

/// Answers that are cut after each of their bytes, in each way: no frame passes that is not whole, and no body.
struct CutAnswerTests {
    /// How an upstream stops.
    enum Stop: CaseIterable {
        /// What ends the body in order; or the connection, where nothing else does.
        case complete
        case reset
        /// Silence, until a clock runs out.
        case silence
    }

    private static let streams: [WireFormat: [String]] = [
        .openAIChat: [
            #"data: {"choices":[{"delta":{"content":"Hi"}}]}"#,
            #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
            #"data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#, "data: [DONE]",
        ],
        .openAIResponses: [
            "event: response.output_text.delta\n" + #"data: {"type":"response.output_text.delta","delta":"Hi"}"#,
            "event: response.completed\n" + #"data: {"type":"response.completed","response":{"id":"r"}}"#,
        ],
        .anthropicMessages: [
            "event: content_block_delta\n"
                + #"data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#,
            "event: message_delta\n" + #"data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#,
            "event: message_stop\n" + #"data: {"type":"message_stop"}"#,
        ],
        .gemini: [
            #"data: {"candidates": [{"content": {"parts": [{"text": "Hi"}]}}]}"#,
            #"data: {"candidates": [{"content": {"parts": []},"finishReason": "STOP"}]}"#, #"data: {"more":[]}"#,
        ],
        .ollamaChat: [
            #"{"message":{"content":"Hi"},"done":false}"#, #"{"message":{"content":""},"done":true}"#, #"{"more":[]}"#,
        ],
    ]

    private static let body = #"{"choices":[{"message":{"content":"}]\" é"}}],"usage":{"prompt_tokens":2}}"#

    private func exchange(_ format: WireFormat, _ form: AnswerForm, status: Int = 200) -> ChatExchange {
        var endpoint = UpstreamEndpoint(name: "a", url: "http://localhost")
        endpoint.format = format
        var exchange = ChatExchange(endpoint: endpoint, as: form, wantsUsage: false, limit: 1 << 16, start: 0)
        let isJSON = form == .body || status != 200
        let stream = format == .ollamaChat ? "application/x-ndjson" : "text/event-stream"
        _ = exchange.received(.head(status: status, contentType: isJSON ? "application/json" : stream), now: 0)
        return exchange
    }

    private func stop(_ exchange: inout ChatExchange, _ stop: Stop) -> [ChatEvent] {
        switch stop {
        case .complete: exchange.received(.ended(.complete), now: 2)
        case .reset: exchange.received(.ended(.reset("gone")), now: 2)
        case .silence: exchange.clockRanOut(now: exchange.deadline ?? 2)
        }
    }

    /// Without the line ends between frames, which a cut frame may be given.
    private func lines(_ text: some StringProtocol) -> [Substring] {
        text.split { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }.map { Substring($0) }
    }

    @Test(arguments: streams.keys.sorted { $0.rawValue < $1.rawValue }, Stop.allCases)
    func `of a stream whole frames pass, and then its end or a fault`(format: WireFormat, how: Stop) throws {
        let frames = try #require(Self.streams[format])
        for lineEnd in ["\n", "\r\n"] {
            let whole = frames.map { $0 + lineEnd + (format == .ollamaChat ? "" : lineEnd) }.joined()
            let passable = (0...frames.count).map { lines(frames[..<$0].joined(separator: "\n\n")) }
            for length in 0...whole.utf8.count {
                var exchange = exchange(format, .frames)
                var events = exchange.received(.body(Array(whole.utf8.prefix(length))), now: 1)
                events += stop(&exchange, how)
                let passed = String(decoding: exchange.takePassed(), as: UTF8.self)
                #expect(passable.contains(lines(passed)), "after \(length): \(passed.suffix(80))")
                switch events.last {
                case .end?, .fault?: #expect(exchange.hasEnded)
                default: Issue.record("neither an end nor a fault after \(length)")
                }
            }
        }
    }

    @Test(arguments: Stop.allCases)
    func `of a body all passes or nothing`(how: Stop) {
        for length in 0...Self.body.utf8.count {
            var exchange = exchange(.openAIChat, .body)
            _ = exchange.received(.body(Array(Self.body.utf8.prefix(length))), now: 1)
            let events = stop(&exchange, how)
            let isWhole = how == .complete && length == Self.body.utf8.count
            #expect(events.contains(.end(.stop)) == isWhole, "after \(length)")
            #expect(exchange.hasEnded)
        }
    }

    @Test(arguments: Stop.allCases)
    func `of an error answer all passes or nothing`(how: Stop) {
        for length in 0...Self.body.utf8.count {
            var exchange = exchange(.openAIChat, .body, status: 422)
            _ = exchange.received(.body(Array(Self.body.utf8.prefix(length))), now: 1)
            let events = stop(&exchange, how)
            guard case .fault? = events.last else {
                Issue.record("no fault after \(length)")
                continue
            }
            let isWhole = how == .complete && length == Self.body.utf8.count
            #expect((exchange.errorAnswer != nil) == isWhole, "after \(length)")
        }
    }

    @Test func `a body that was cut is told as such`() {
        var exchange = exchange(.openAIChat, .body)
        _ = exchange.received(.body(Array(#"{"choices":["#.utf8)), now: 1)
        guard case .fault(let fault)? = exchange.received(.ended(.complete), now: 2).last else {
            Issue.record("no fault")
            return
        }
        #expect(fault.kind == .truncated && fault.retryable)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

struct UIMessageGoldenTests {
    private static let answers: [(String, [ChatEvent])] = [
        ("text", [PlayedAnswer.text("Hé"), PlayedAnswer.text(" \"you\"\n\u{2028}"), .end(.stop)]),
        (
            "reasoning",
            [
                PlayedAnswer.reasoning("Two plus"), PlayedAnswer.reasoning(" two."), PlayedAnswer.text("4"),
                PlayedAnswer.reasoning("Sure?"), PlayedAnswer.text("Yes."), .end(.length),
            ]
        ),
        ("refusal", [PlayedAnswer.text("Well, "), .refusal(Array("no.".utf8)), .end(.refusal)]),
        (
            "tools",
            [
                PlayedAnswer.text("I look."), PlayedAnswer.call("weather", id: "call_1", #"{"city": "#),
                PlayedAnswer.more(#""Oslo","n":1.0}"#), PlayedAnswer.call("now", index: 1), .end(.toolCalls),
            ]
        ),
        ("broken-tool", [PlayedAnswer.call("weather", id: "call_1", #"{"city":"Os"#), .end(.toolCalls)]),
        ("tool-no-object", [PlayedAnswer.call("f\"", id: "call_1", "[1]"), .end(.toolCalls)]),
        ("empty", [.end(.contentFilter)]),
        (
            "error",
            [
                PlayedAnswer.text("Hel"),
                .fault(ChatFault(kind: .upstreamReset, message: "The upstream \"went\" away.", retryable: true)),
            ]
        ),
    ]

    @Test(arguments: answers)
    func `a stream is a part for each thing said, in the protocol's order`(name: String, said: [ChatEvent]) throws {
        let isWhole = PlayedAnswer.fault(said.last) == nil
        let events = isWhole ? said + [.usage(PlayedAnswer.usage)] : said
        let frames = PlayedAnswer.frames(events, to: try Self.request())
        #expect(frames.bytes == GoldenFile.format("ui-message-stream/\(name).sse").bytes(replacedBy: frames.bytes))
        #expect(frames.frames.contains { $0.kind == .terminator })
        #expect(frames.frames.contains { $0.kind == (isWhole ? .finish : .failure) })
    }

    @Test
    func `a comment keeps the line open`() throws {
        let said = [PlayedAnswer.text("Hi"), PlayedAnswer.text("!"), .end(.stop), .usage(PlayedAnswer.usage)]
        let bytes = PlayedAnswer.frames(said, to: try Self.request(), pauses: true).bytes
        #expect(bytes == GoldenFile.format("ui-message-stream/heartbeat.sse").bytes(replacedBy: bytes))
    }

    @Test
    func `token counts are metadata, where they are asked for`() throws {
        var request = try Self.request()
        request.chat.wantsUsage = true
        let said = [PlayedAnswer.text("Hi"), .end(.stop), .usage(PlayedAnswer.usage)]
        let bytes = PlayedAnswer.frames(said, to: request).bytes
        #expect(bytes == GoldenFile.format("ui-message-stream/usage.sse").bytes(replacedBy: bytes))
        let heard = PlayedAnswer.read(bytes, with: UIMessageStreamParser())
        #expect(heard == [PlayedAnswer.text("Hi"), .usage(PlayedAnswer.usage), .end(.stop)])
    }

    @Test
    func `a whole answer is the stream in one piece`() throws {
        var choice = WholeAnswer.Choice()
        choice.reasoning = Array("Hm.".utf8)
        choice.text = Array("Well:".utf8)
        choice.toolCalls = [
            ToolCall(id: "", name: "weather", arguments: Array(#"{"city":"Oslo"}"#.utf8)),
            ToolCall(id: "call_3", name: "now", arguments: []),
        ]
        choice.finish = .toolCalls
        let answer = WholeAnswer(choices: [choice], usage: PlayedAnswer.usage)
        let body = try Self.request().body(of: answer, for: PlayedAnswer.identity)
        #expect(body == GoldenFile.format("ui-message-stream/whole.sse").bytes(replacedBy: body))
    }

    @Test
    func `an answer goes on with the assistant's message that is the last`() throws {
        let parts = #""parts":[{"type":"text","text":"a"}]"#
        for (last, id) in [
            (#"{"id":"a1","role":"assistant",\#(parts)}"#, "a1"), (#"{"id":"u2","role":"user",\#(parts)}"#, nil),
        ] {
            let body = #"{"messages":[{"id":"u1","role":"user",\#(parts)},\#(last)]}"#
            let request = try UIMessageStreamRequest(body: Array(body.utf8))
            let text = String(decoding: PlayedAnswer.frames([], to: request).bytes, as: UTF8.self)
            let expected = id ?? PlayedAnswer.identity.name("msg-", length: 16)
            #expect(text.contains(#"{"type":"start","messageId":"\#(expected)"}"#))
        }
    }

    @Test
    func `a problem is a body for a person`() {
        let problem = RequestProblem(code: "x", message: "No \"messages\".", parameter: "messages")
        #expect(UIMessageProblem.body(of: problem, requestID: "r") == Array(#"{"error":"No \"messages\"."}"#.utf8))
        #expect(UIMessageProblem.requestIDField == nil)
        #expect(UIMessageProblem.fields(of: RateLimit(limit: 1, remaining: 0, resetSeconds: 1, now: 0)).isEmpty)
    }

    private static func request() throws -> UIMessageStreamRequest {
        let body = #"{"id":"c1","messages":[{"role":"user","parts":[{"type":"text","text":"hi"}]}]}"#
        return try UIMessageStreamRequest(body: Array(body.utf8))
    }
}

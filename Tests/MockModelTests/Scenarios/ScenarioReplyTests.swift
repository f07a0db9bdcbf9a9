// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import Testing

struct ScenarioReplyTests {
    @Test func `a reply is its steps in their order`() throws {
        let reply = try ScenarioFixture.reply(
            """

                - reasoning: thinking
                - pause: 500
                - text: Hello
                - fault: reset, comments
                - tool_call: {name: get_weather, arguments: {city: Oslo, days: 2, "on": [true, ~, "2", 1.50]}, id: c1}
                - usage: {input_tokens: 9, output_tokens: 3, reasoning_tokens: 1}
            """
        )
        let arguments = #"{"city":"Oslo","days":2,"on":[true,null,"2",1.50]}"#
        let script = AnswerScript(
            steps: [
                .reasoning(Array("thinking".utf8)), .pause(500_000_000), .text(Array("Hello".utf8)),
                .fault(Fault(kind: .reset)), .fault(Fault(kind: .comments)),
                .toolCall(ToolCall(id: "c1", name: "get_weather", arguments: Array(arguments.utf8))),
            ],
            finish: .toolCalls,
            usage: Usage(inputTokens: 9, outputTokens: 3, reasoningTokens: 1)
        )
        #expect(reply == .answer(script))
    }

    @Test(arguments: [
        ("[{text: a}]", FinishReason.stop), ("[{refusal: no}]", .refusal), ("[{tool_call: {name: t}}]", .toolCalls),
        ("[{text: a}, {finish: length}]", .length), ("[{finish: content_filter}]", .contentFilter),
        ("[{tool_call: {name: t}}, {finish: stop}]", .stop), ("plain", .stop), ("[]", .stop), ("{text: a}", .stop),
    ])
    func `the answer ends for the reason given, or the one its steps imply`(reply: String, finish: FinishReason) throws
    {
        guard case .answer(let script) = try ScenarioFixture.reply(reply) else {
            Issue.record("no answer")
            return
        }
        #expect(script.finish == finish)
    }

    @Test(arguments: [
        ("{mock: prose}", ScenarioReply.builtIn(.prose)), ("[{mock: echo}]", .builtIn(.echo)),
        ("[{status: 429}]", .problem(status: 429, code: nil, message: nil, retryAfter: nil)),
        (
            "{status: 503, retry_after: 1.5, message: 'no {{ model }}', code: c}",
            .problem(status: 503, code: "c", message: "no demo-1", retryAfter: 1.5)
        ),
        ("[{status: {status: 400, code: c}}]", .problem(status: 400, code: "c", message: nil, retryAfter: nil)),
        ("[{cassette: a/b.cassette}]", .cassette(path: "dir/a/b.cassette", isRaw: nil, speed: nil)),
        ("{cassette: {file: /abs, as: raw, speed: 2}}", .cassette(path: "/abs", isRaw: true, speed: 2)),
        ("{cassette: {file: x, as: events}}", .cassette(path: "dir/x", isRaw: false, speed: nil)),
    ])
    func `a reply may be something else than an answer`(yaml: String, reply: ScenarioReply) throws {
        #expect(try ScenarioFixture.reply(yaml) == reply)
    }

    @Test func `a tool call without an id gets one from the seed, each another`() throws {
        let yaml = "[{tool_call: {name: a}}, {tool_call: {name: b, arguments: '{broken'}}]"
        let reply = try ScenarioFixture.reply(yaml, seed: 5)
        #expect(try ScenarioFixture.reply(yaml, seed: 5) == reply)
        #expect(try ScenarioFixture.reply(yaml, seed: 6) != reply)
        guard case .answer(let script) = reply, case .toolCall(let first) = script.steps.first,
            case .toolCall(let second) = script.steps.last
        else {
            Issue.record("no tool calls")
            return
        }
        #expect(first.id != second.id)
        #expect(first.id.hasPrefix("call_"))
        #expect(first.arguments == Array("{}".utf8))
        #expect(second.arguments == Array("{broken".utf8))
    }

    @Test func `the pace is handed on as it was written`() throws {
        let book = try ScenarioFixture.book("- {name: a, reply: b, pace: {unit: word, rate: 20, ttft: 0.5}}")
        let match = book.match(ScenarioFixture.input(), session: "", seed: 1)
        #expect(match?.pace == ["unit": "word", "rate": "20", "ttft": "0.5"])
    }
}

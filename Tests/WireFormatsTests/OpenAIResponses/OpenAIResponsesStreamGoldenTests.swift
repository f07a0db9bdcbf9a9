// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

struct OpenAIResponsesStreamGoldenTests {
    private typealias Transcript = OpenAIResponsesTranscript

    private struct Case: CustomTestStringConvertible {
        let name: String
        var members = #""input":"Hi""#
        let events: [ChatEvent]
        var startingAfter: Int?

        var testDescription: String { name }
    }

    private static let tools = #""input":"Hi","tools":[\#(Transcript.weatherTool)]"#
    private static let hello: [ChatEvent] = [
        Transcript.text("The tide"), Transcript.text(" turns \"now\".\n"), .end(.stop),
    ]

    private static let cases = [
        Case(name: "text", events: hello),
        Case(
            name: "settings",
            members: #"""
                "input":"Hi","instructions":"Be brief.","max_output_tokens":64,"max_tool_calls":2,"temperature":0.20,
                "top_p":0.5,"metadata":{"run":"7"},"parallel_tool_calls":false,"user":"u","store":false,
                "reasoning":{"effort":"low","summary":"auto"},"truncation":"auto","top_logprobs":3,
                "previous_response_id":"resp_a","prompt_cache_key":"k","safety_identifier":"s","service_tier":"flex",
                "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}},"verbosity":"low"},
                "tool_choice":{"type":"function","name":"tide"},
                "tools":[{"type":"web_search"},\#(Transcript.weatherTool)]
                """#,
            events: [.end(.stop)]
        ),
        Case(
            name: "tool_call",
            members: tools,
            events: [
                Transcript.call(0), Transcript.arguments(0, #"{"port":"#), Transcript.arguments(0, #""Brest"}"#),
                .end(.toolCalls),
            ]
        ),
        Case(
            name: "tools_parallel",
            members: tools,
            events: [
                Transcript.text("Two ports."), Transcript.call(0), Transcript.arguments(0, #"{"port":"Brest"}"#),
                Transcript.call(1, id: ""), Transcript.arguments(1, #"{"port":"Vigo"}"#), .end(.toolCalls),
            ]
        ),
        Case(
            name: "reasoning_text",
            events: [
                Transcript.reasoning("Moon"), Transcript.reasoning(" is full."), Transcript.text("High."), .end(.stop),
            ]
        ),
        Case(
            name: "reasoning_sealed",
            members: #""input":"Hi","include":["reasoning.encrypted_content"]"#,
            events: [Transcript.reasoning("Moon."), .end(.stop)]
        ),
        Case(name: "refusal", events: [Transcript.refusal("I will"), Transcript.refusal(" not."), .end(.refusal)]),
        Case(name: "text_refusal", events: [Transcript.text("Well"), Transcript.refusal("No."), .end(.refusal)]),
        Case(
            name: "incomplete",
            members: #""input":"Hi","max_output_tokens":16"#,
            events: [Transcript.text("Once"), .end(.length)]
        ),
        Case(name: "filtered", events: [Transcript.text("Once"), .end(.contentFilter)]),
        Case(
            name: "failed",
            events: [
                Transcript.reasoning("Hm."), Transcript.text("Half"),
                .fault(ChatFault(kind: .upstreamReset, message: "The upstream went away.", retryable: true)),
            ]
        ),
        Case(
            name: "rate_limited",
            events: [.fault(ChatFault(kind: .upstreamStatus, message: "Too fast.", retryable: true, status: 429))]
        ),
        Case(name: "background", members: #""input":"Hi","background":true"#, events: hello),
        Case(name: "background_after_5", members: #""input":"Hi","background":true"#, events: hello, startingAfter: 5),
    ]

    @Test(arguments: cases)
    private func `each kind of answer is written byte for byte as its transcript`(of item: Case) throws {
        let request = try Transcript.request(item.members)
        let actual = Transcript.stream(item.events, of: request, startingAfter: item.startingAfter).bytes
        let expected = Transcript.golden("\(item.name).sse").bytes(replacedBy: actual)
        #expect(String(decoding: actual, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
    }
}

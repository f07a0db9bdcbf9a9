// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import MockModel
import Testing

struct ScenarioConditionTests {
    /// A question, a call of a tool, and its result.
    private static let conversation = ScenarioFixture.input([
        ChatMessage(role: .system, content: "You are a Pirate."),
        ChatMessage(role: .user, content: "first question"),
        ChatMessage(role: .assistant, content: "an answer"),
        ChatMessage(role: .user, content: "What is the Weather in Tromsø?"),
        ChatMessage(
            role: .assistant,
            content: "",
            toolCalls: [ToolCall(id: "call_1", name: "get_weather", arguments: Array("{}".utf8))]
        ),
        ChatMessage(role: .tool, content: "rain", toolCallID: "call_1"),
    ]) { input in
        input.request.tools = [ToolDefinition(name: "get_time"), ToolDefinition(name: "get_weather")]
        input.headers = [("x-test", "a"), ("x-test", "b"), ("accept", "text/event-stream")]
    }

    @Test(arguments: [
        "", "model: demo-1", "model: {equals: demo-1}", "model: {prefix: demo}", "model: {contains: mo-}",
        "model: {regex: '^demo-[0-9]$'}", "model: {equals: DEMO-1, ignore_case: true}",
        "model: {prefix: demo, contains: '1'}", "format: openai_chat", "format: [gemini, openai_chat]",
        "path: /v1/chat/completions", "path: {prefix: /v1/}", "last_user: What is the Weather in Tromsø?",
        "last_user: {contains: Weather}", "last_user: {contains: weather, ignore_case: true}",
        "last_user: {contains: TROMSØ, ignore_case: true}", "last_user: {regex: 'W\\w+r.*Tromsø\\?$'}",
        "last_user: {regex: 'in tromsø', ignore_case: true}", "last_user: {regex: '(?i)in tromsø'}",
        "last_user: {contains: ''}", "any_message: {regex: 'pirate', ignore_case: true}",
        "any_message: {contains: Pirate, role: system}", "any_message: rain",
        "any_message: [{contains: first}, {contains: rain}]", "role: tool", "turn: 2", "turn: {from: 2}",
        "turn: {to: 2}", "turn: {from: 1, to: 3}", "tool: get_time", "tool: {prefix: get_}", "tool: true",
        "tool_result: get_weather", "tool_result: true", "tool_result: {regex: weather}", "header: {name: x-test}",
        "header: {name: X-Test, value: b}", "header: [{name: x-test, value: a}, {name: accept}]", "api_key: sk-test",
        "api_key: {prefix: sk-}", "call: 1", "call: {to: 2}", "streamed: true",
        "model: demo-1, turn: 2, tool: true, last_user: {contains: Tromsø}, streamed: true",
    ])
    func `a scenario matches where its conditions hold`(conditions: String) throws {
        let book = try ScenarioFixture.when(conditions)
        #expect(book.explain(Self.conversation, session: "").map(\.failure) == [nil])
        #expect(ScenarioFixture.text(book.match(Self.conversation, session: "", seed: 1)?.reply) == "ok")
    }

    @Test(arguments: [
        "model: demo", "model: Demo-1", "model: {prefix: emo}", "model: {contains: '-2'}", "model: {regex: '^emo'}",
        "model: {prefix: demo, contains: '2'}", "format: gemini", "format: [gemini, ollama_chat]", "path: /v1/messages",
        "last_user: first question", "last_user: {contains: weather}", "last_user: {regex: weather}",
        "last_user: {contains: rain}", "any_message: {contains: pirate}",
        "any_message: {contains: Pirate, role: user}", "any_message: [{contains: first}, {contains: snow}]",
        "role: user", "turn: 1", "turn: {from: 3}", "tool: get_weathe", "tool_result: get_time",
        "header: {name: x-tes}",
        "header: {name: x-test, value: c}", "header: [{name: x-test}, {name: cookie}]", "api_key: sk-tes", "call: 2",
        "call: {from: 2}", "streamed: false", "model: demo-1, turn: 3",
    ])
    func `a scenario does not match where one condition fails`(conditions: String) throws {
        let book = try ScenarioFixture.when(conditions)
        #expect(book.explain(Self.conversation, session: "").first?.isMatch == false)
        #expect(book.match(Self.conversation, session: "", seed: 1) == nil)
    }

    @Test(arguments: ["tool: true", "tool_result: true", "role: user", "api_key: ''", "turn: 1", "any_message: ''"])
    func `an empty request matches nothing but an empty scenario`(conditions: String) throws {
        let empty = ScenarioFixture.input([]) { $0.apiKey = nil }
        #expect(try ScenarioFixture.when(conditions).match(empty, session: "", seed: 1) == nil)
        #expect(try ScenarioFixture.when("").match(empty, session: "", seed: 1) != nil)
    }

    @Test func `of several results at the end of a conversation each counts`() throws {
        let results = ["a", "b"].map { ChatMessage(role: .tool, content: "", name: $0) }
        let input = ScenarioFixture.input([ChatMessage(role: .user, content: "")] + results)
        for tool in ["a", "b"] {
            #expect(try ScenarioFixture.when("tool_result: \(tool)").match(input, session: "", seed: 1) != nil)
        }
        #expect(try ScenarioFixture.when("tool_result: c").match(input, session: "", seed: 1) == nil)
    }

    @Test func `the first that matches wins, in the order of the files`() throws {
        let library = try ScenarioLibrary(
            [
                ScenarioSource(path: "1.yaml", text: "- {name: no, when: {model: other}, reply: no}"),
                ScenarioSource(path: "2.yaml", text: "- {name: b, reply: b}\n- {name: a, reply: a}"),
                ScenarioSource(path: "3.yaml", text: "- {name: c, reply: c}"),
            ],
            checks: ScenarioFixture.checks
        )
        let book = ScenarioBook(library)
        #expect(book.match(ScenarioFixture.input(), session: "", seed: 1)?.name == "b")
        #expect(book.list().map(\.place) == ["1.yaml:1", "2.yaml:1", "2.yaml:2", "3.yaml:1"])
    }
}

// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import MockModel
import Testing

struct MockBrainTests {
    private static let weather = tool(
        "get_weather",
        #"{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]}"#
    )
    private static let stocks = tool("findStockPrice", #"{"type":"object","properties":{"symbol":{"type":"string"}}}"#)

    @Test
    func `without more ado the mock says its built-in answer, another for each choice`() {
        let request = Self.request("hello")
        let script = MockBrain.script(for: request, as: .mock, choice: 0, seed: 4)
        #expect(script == AnswerScript(steps: [.text(MockAnswer.mock.text(for: request, seed: 4))]))
        #expect(script == MockBrain.script(for: request, as: .mock, choice: 0, seed: 4))
        #expect(script != MockBrain.script(for: request, as: .mock, choice: 1, seed: 4))
        let echo = MockBrain.script(for: request, as: .echo, choice: .max, seed: .max)
        #expect(echo.choice().text == Array("hello".utf8))
    }

    @Test
    func `reasoning comes first where it is asked for`() {
        var request = Self.request("hello")
        request.wantsReasoning = true
        let script = MockBrain.script(for: request, as: .echo, choice: 0, seed: 4)
        guard case .reasoning(let thought) = script.steps.first else {
            Issue.record("no reasoning")
            return
        }
        #expect(thought.count > 40)
        #expect(script.steps.last == .text(Array("hello".utf8)))
    }

    @Test(arguments: [
        "What is the weather in Oslo?", "weather in Oslo please", "Tell me: is the Weather good at Oslo's fjord, I ask",
    ])
    func `a tool is called when the user says a word of its name, with a name from the text`(prompt: String) throws {
        let script = MockBrain.script(for: Self.request(prompt, [Self.weather]), as: .prose, choice: 0, seed: 1)
        #expect(script.finish == .toolCalls)
        let call = try #require(script.choice().toolCalls.first)
        let arguments = try JSONReader.read(call.arguments)
        #expect(call.name == "get_weather")
        #expect(arguments["city"]?.text == "Oslo")
        #expect(arguments["days"]?.integer != nil)
        #expect(call.id.hasPrefix("call_") && call.id.utf8.count == 29)
        #expect(script.choice().text.isEmpty)
    }

    @Test(arguments: ["", "get it", "What is whether?", "find a price list"])
    func `a tool is not called otherwise`(prompt: String) {
        let tools = [Self.weather, Self.tool("make_list", "{}"), Self.tool("get", "{}")]
        let script = MockBrain.script(for: Self.request(prompt, tools), as: .prose, choice: 0, seed: 1)
        #expect(script.finish == .stop)
    }

    @Test
    func `two tools that are named are both called, where that is allowed`() {
        var request = Self.request(
            "The weather in New York, and the price of ACME stocks",
            [Self.weather, Self.stocks]
        )
        let calls = MockBrain.script(for: request, as: .prose, choice: 0, seed: 1).choice().toolCalls
        #expect(calls.map(\.name) == ["get_weather", "findStockPrice"])
        #expect(Set(calls.map(\.id)).count == 2)
        request.allowsParallelToolCalls = false
        #expect(MockBrain.script(for: request, as: .prose, choice: 0, seed: 1).choice().toolCalls.count == 1)
    }

    @Test
    func `a tool that has to be called is`() {
        var request = Self.request("hello", [Self.weather, Self.stocks])
        request.toolChoice = .required
        #expect(Self.names(request) == ["get_weather"])
        request.toolChoice = .named("findStockPrice")
        #expect(Self.names(request) == ["findStockPrice"])
        request.toolChoice = .named("unknown")
        #expect(Self.names(request) == [])
        request = Self.request("the weather", [Self.weather])
        request.toolChoice = .none
        #expect(Self.names(request) == [])
    }

    @Test
    func `the result of a tool is told`() {
        var request = Self.request("the weather", [Self.weather])
        request.messages.append(ChatMessage(role: .assistant, content: ""))
        request.messages.append(ChatMessage(role: .tool, content: "12 degrees"))
        let script = MockBrain.script(for: request, as: .prose, choice: 0, seed: 1)
        #expect(script.steps == [.text(Array("The tool says: 12 degrees".utf8))])
        request.messages.append(ChatMessage(role: .tool, content: "rain"))
        let both = MockBrain.script(for: request, as: .prose, choice: 0, seed: 1)
        #expect(both.steps == [.text(Array("The tool says: 12 degrees\nThe tool says: rain".utf8))])
    }

    @Test
    func `text is JSON where JSON is asked for`() throws {
        var request = Self.request("hello")
        request.shape = .jsonObject
        let text = MockBrain.script(for: request, as: .echo, choice: 0, seed: 1).choice().text
        #expect(text == Array(#"{"answer":"hello"}"#.utf8))
        let schema = try JSONReader.read(Array(#"{"type":"object","properties":{"n":{"type":"integer"}}}"#.utf8))
        request.shape = .jsonSchema(schema)
        let instance = try JSONReader.read(MockBrain.script(for: request, as: .echo, choice: 0, seed: 1).choice().text)
        #expect(instance["n"]?.integer != nil)
    }

    private static func names(_ request: ChatRequest) -> [String] {
        MockBrain.script(for: request, as: .prose, choice: 0, seed: 1).choice().toolCalls.map(\.name)
    }

    private static func request(_ prompt: String, _ tools: [ToolDefinition] = []) -> ChatRequest {
        var request = ChatRequest(model: "m", messages: [ChatMessage(role: .user, content: prompt)])
        request.tools = tools
        return request
    }

    private static func tool(_ name: String, _ schema: String) -> ToolDefinition {
        ToolDefinition(name: name, parameters: try? JSONReader.read(Array(schema.utf8)))
    }
}

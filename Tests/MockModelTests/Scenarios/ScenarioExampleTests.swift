// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import Testing

/// What is said of `config/scenarios` in its comments.
struct ScenarioExampleTests {
    private let book: ScenarioBook

    init() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        let sources = try ScenarioFolder("\(root)/config/scenarios").sources()
        let checks = ScenarioChecks(fault: { _ in .success([]) }, pace: { _ in nil })
        book = ScenarioBook(try ScenarioLibrary(sources, checks: checks))
    }

    private func match(_ model: String, _ messages: [ChatMessage], session: String = "") -> ScenarioMatch? {
        let input = ScenarioFixture.input(messages) { input in
            input.request.model = model
            input.request.tools = [ToolDefinition(name: "get_weather")]
        }
        return book.match(input, session: session, seed: 1)
    }

    @Test func `other models are not touched`() {
        for model in ["mock", "gpt-4o", "demo", ""] {
            #expect(match(model, [ChatMessage(role: .user, content: "What is the weather?")]) == nil)
        }
        #expect(book.list().allSatisfy { $0.when.hasPrefix("model \"demo-") || $0.when.contains(" model \"demo-") })
    }

    @Test func `the weather is asked for, then told`() throws {
        let question = ChatMessage(role: .user, content: "Weather?")
        guard case .answer(let script) = match("demo-weather", [question])?.reply,
            case .toolCall(let call) = script.steps.last
        else {
            Issue.record("no tool call")
            return
        }
        let asked = ChatMessage(role: .assistant, content: "", toolCalls: [call])
        let result = ChatMessage(role: .tool, content: "rain", toolCallID: call.id)
        let answer = match("demo-weather", [question, asked, result])
        #expect(ScenarioFixture.text(answer?.reply) == "The weather service says: rain")
    }

    @Test func `a busy model is refused once in each session`() {
        for session in ["a", "b"] {
            let names = (0..<3).map { _ in match("demo-busy", [], session: session)?.name }
            #expect(names == ["busy, first", "busy, then", "busy, then"])
        }
    }
}

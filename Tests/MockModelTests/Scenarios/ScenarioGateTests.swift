// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing

@testable import MockModel

struct ScenarioGateTests {
    private static let words = ["sun", "Rain", "ask", "K", "ſ", "s", "weather in Oslo", "é", ""]
    private static let conditions = [
        "model: m@", "model: {prefix: m}", "last_user: $", "last_user: {contains: $}", "last_user: {prefix: '$'}",
        "last_user: {contains: $, ignore_case: true}", "last_user: {regex: '$'}",
        "last_user: {regex: '$', ignore_case: true}", "last_user: {regex: '(?i)$ ?'}", "last_user: {regex: 'x?$.?$'}",
        "any_message: {contains: $}", "any_message: {regex: '$'}", "any_message: {contains: $, ignore_case: true}",
        "any_message: {contains: $, role: system}", "turn: @", "streamed: true", "role: user", "format: gemini",
        "format: [gemini, openai_chat]", "header: {name: h, value: $}", "header: {name: h}", "tool: $", "api_key: $",
        "last_user: {regex: '$x|$'}", "any_message: {regex: '$|y$', ignore_case: true}", "turn: {from: @}", "path: p@",
        "tool_result: $",
    ]

    private var dice = Dice(seed: 3)

    @Test mutating func `marks never turn away a request for which all conditions hold`() throws {
        var yaml = ""
        for number in 0..<400 {
            let chosen = Set((0..<Int.random(in: 1...2, using: &dice)).map { _ in pick(Self.conditions) })
            let keys = Set(chosen.map { $0.prefix { $0 != ":" } })
            guard keys.count == chosen.count else { continue }
            let when = chosen.sorted().map { filled($0) }.joined(separator: ", ")
            yaml += "- {name: s\(number), times: 1, when: {\(when)}, reply: a}\n"
        }
        let library = try ScenarioFixture.library(yaml)
        var found = 0
        for _ in 0..<200 {
            let facts = ScenarioFacts(request())
            let expected = library.scenarios.filter { $0.holds(facts) }.map(\.name)
            #expect(library.held(by: facts).map(\.name) == expected)
            found += expected.count
        }
        #expect(found > 1000)
    }

    private mutating func filled(_ condition: String) -> String {
        let word = pick(Self.words)
        let number = "\(Int.random(in: 1...3, using: &dice))"
        return String(condition.flatMap { $0 == "$" ? quoted(word, in: condition) : $0 == "@" ? number : String($0) })
    }

    /// A word may be empty, which YAML has to see.
    private func quoted(_ word: String, in condition: String) -> String {
        condition.contains("'") ? word : "'\(word)'"
    }

    private mutating func request() -> ScenarioInput {
        var messages = (0..<Int.random(in: 0...4, using: &dice)).map { _ in
            ChatMessage(role: pick(ChatMessage.Role.allCases), content: text(), name: pick(Self.words))
        }
        if Bool.random(using: &dice) { messages.append(ChatMessage(role: .user, content: text())) }
        return ScenarioFixture.input(messages) { input in
            input.request.model = "m\(Int.random(in: 1...3, using: &dice))"
            input.request.format = pick([.gemini, .openAIChat, .ollamaChat])
            input.request.isStreamed = Bool.random(using: &dice)
            input.request.tools = [ToolDefinition(name: pick(Self.words))]
            input.headers = [("h", pick(Self.words)), ("other", "")]
            input.apiKey = pick(Self.words)
            input.path = "p\(Int.random(in: 1...3, using: &dice))"
        }
    }

    private mutating func text() -> String {
        (0..<Int.random(in: 0...3, using: &dice))
            .map { _ in Bool.random(using: &dice) ? pick(Self.words) : pick(Self.words).uppercased() }
            .joined(separator: Bool.random(using: &dice) ? " " : "")
    }

    private mutating func pick<Item>(_ items: [Item]) -> Item {
        items[Int.random(in: items.indices, using: &dice)]
    }
}

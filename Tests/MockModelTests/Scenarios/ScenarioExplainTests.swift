// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import Testing

struct ScenarioExplainTests {
    private static let input = ScenarioFixture.input("hello\nthere") { input in
        input.headers = [("x-test", "a"), ("authorization", "Bearer secret")]
    }

    @Test(arguments: [
        ("model: gpt", #"model: expected "gpt", got "demo-1""#),
        ("last_user: {contains: weather}", #"last_user: expected contains "weather", got "hello\nthere""#),
        (
            "last_user: {regex: '^x', ignore_case: true}",
            #"last_user: expected matches /^x/ in any case, got "hello\nthere""#
        ),
        ("model: {prefix: a, contains: b}", #"model: expected begins with "a" and contains "b", got "demo-1""#),
        ("format: [gemini, ollama_chat]", "format: expected gemini or ollama_chat, got openai_chat"),
        ("turn: {from: 2}", "turn: expected 2 or more, got 1"), ("role: tool", "role: expected tool, got user"),
        ("streamed: false", "streamed: expected false, got true"), ("tool: true", "tool: expected any, got no tools"),
        ("tool_result: t", #"tool_result: expected "t", got no tool result at the end"#),
        (
            "any_message: {contains: x, role: system}",
            #"any_message of system: expected contains "x", got no such message"#
        ),
        ("header: {name: x-test, value: b}", #"header x-test: expected "b", got "a""#),
        ("header: {name: cookie}", "header cookie: expected any, got no such header"),
        ("header: {name: authorization, value: b}", #"header authorization: expected "b", got "(not shown)""#),
        ("api_key: sk-other", #"api_key: expected "sk-other", got another key"#),
        ("call: 2", "call: expected 2, got 1"),
        ("model: gpt, turn: 4", "turn: expected 4, got 1"),
    ])
    func `the first condition that fails is told in words`(conditions: String, expected: String) throws {
        let verdicts = try ScenarioFixture.when(conditions).explain(Self.input, session: "")
        #expect(verdicts == [ScenarioVerdict(name: "one", place: "dir/file.yaml:1", failure: expected)])
    }

    @Test func `long texts are cut to eighty characters`() throws {
        let long = String(repeating: "ü", count: 5000)
        let verdict = try ScenarioFixture.when("last_user: \(long)x").explain(ScenarioFixture.input(long), session: "")
        let cut = String(repeating: "ü", count: 80) + "…"
        #expect(verdict.first?.failure == "last_user: expected \"\(cut)\", got \"\(cut)\"")
    }

    @Test func `explaining counts nothing, and tells what is used up`() throws {
        let book = try ScenarioFixture.book(
            "- {name: a, times: 1, when: {call: {from: 1}}, reply: a}\n- {name: b, reply: b}"
        )
        for _ in 0..<3 { #expect(book.explain(Self.input, session: "s").map(\.isMatch) == [true, true]) }
        #expect(book.match(Self.input, session: "s", seed: 1)?.name == "a")
        let failures = book.explain(Self.input, session: "s").map(\.failure)
        #expect(failures == ["times: has answered 1 of 1 in this session", nil])
        #expect(book.explain(Self.input, session: "t").map(\.isMatch) == [true, true])
        #expect(book.list().map(\.uses) == [1, 0])
    }

    @Test func `a pattern that gives up says so`() throws {
        let book = try ScenarioFixture.when("last_user: {regex: '(a+)+$'}")
        let input = ScenarioFixture.input(String(repeating: "a", count: 60) + "b")
        let failure = book.explain(input, session: "").first?.failure
        #expect(failure == "last_user: the pattern takes too many steps to search this text: matches /(a+)+$/")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing
import WireFormats

struct AnthropicBodyTests {
    private static let models = (1...5).map { (id: "claude-\($0)", displayName: "Claude \($0)") }

    @Test
    func `a whole answer is a message`() throws {
        var choice = WholeAnswer.Choice()
        choice.text = Array("Good day, \"Zoë\".".utf8)
        try Self.check(choice, Usage(inputTokens: 21, outputTokens: 6), "nonstream_text.json")
        choice.finish = .stopSequence("END")
        try Self.check(choice, Usage(inputTokens: 21, outputTokens: 6), "nonstream_stop_sequence.json")
    }

    @Test
    func `a tool's input is an object, and empty where the model wrote none`() throws {
        var choice = WholeAnswer.Choice()
        choice.text = Array("I look it up.".utf8)
        choice.finish = .toolCalls
        choice.toolCalls = [
            ToolCall(id: "toolu_01given", name: "tide", arguments: Array(#" {"port": "Bergen", "n": 1.50} "#.utf8)),
            ToolCall(id: "", name: "now", arguments: []),
            ToolCall(id: "", name: "broken", arguments: Array(#"{"port":"#.utf8)),
            ToolCall(id: "", name: "list", arguments: Array("[1]".utf8)),
        ]
        try Self.check(choice, Usage(inputTokens: 21, outputTokens: 48, cachedTokens: 5), "nonstream_tool.json")
    }

    @Test
    func `what was thought comes first, with a signature`() throws {
        var choice = WholeAnswer.Choice()
        choice.reasoning = Array("Three times five.".utf8)
        choice.text = Array("It is 15.".utf8)
        let usage = Usage(inputTokens: 21, outputTokens: 19, reasoningTokens: 11)
        try Self.check(choice, usage, "nonstream_thinking.json")
        let omitted = #","thinking":{"type":"adaptive","display":"omitted"}"#
        try Self.check(choice, usage, "nonstream_thinking_omitted.json", fields: omitted)
    }

    @Test
    func `a refusal is text, and its stop reason tells that it is one`() throws {
        var choice = WholeAnswer.Choice()
        choice.refusal = Array("I would rather not.".utf8)
        choice.finish = .refusal
        try Self.check(choice, Usage(inputTokens: 21, outputTokens: 5), "nonstream_refusal.json")
    }

    @Test
    func `streamed or not, the same answer has the same ids`() throws {
        var choice = WholeAnswer.Choice()
        choice.toolCalls = [ToolCall(id: "", name: "now", arguments: [])]
        let answer = WholeAnswer(choices: [choice], usage: Usage(inputTokens: 1, outputTokens: 1))
        let body = try JSONReader.read(try Self.request().body(of: answer, for: AnthropicPlayer.identity))
        let stream = AnthropicPlayer.stream([AnthropicSaid.call(0, name: "now")])
        let text = String(decoding: stream, as: UTF8.self)
        for id in [body["id"]?.text, body["content"]?.array?.first?["id"]?.text] {
            #expect(text.contains("\"id\":\"\(id ?? "none")\""))
        }
    }

    @Test
    func `an answer without a choice, with counts beyond reason, is still a message`() throws {
        let answer = WholeAnswer(choices: [], usage: Usage(inputTokens: .min, outputTokens: 0, cachedTokens: .max))
        let body = try JSONReader.read(try Self.request().body(of: answer, for: AnthropicPlayer.identity))
        #expect(body["content"] == .array([]))
    }

    @Test
    func `a count is one number`() {
        let actual = AnthropicCount.body(tokens: 33)
        #expect(actual == AnthropicGolden.bytes("count_tokens.json", replacedBy: actual))
    }

    @Test
    func `models are listed and shown`() throws {
        let list = try AnthropicModels.list(Array(Self.models.prefix(2)))
        #expect(list == AnthropicGolden.bytes("models.json", replacedBy: list))
        let model = try AnthropicModels.get("claude-2", of: Self.models)
        #expect(model == AnthropicGolden.bytes("model.json", replacedBy: model))
        let none = try AnthropicModels.list([])
        #expect(none == AnthropicGolden.bytes("models_none.json", replacedBy: none))
    }

    @Test
    func `a model that is not there is not found`() {
        let problem = #expect(throws: RequestProblem.self) { try AnthropicModels.get("nope", of: Self.models) }
        #expect(problem?.status == 404 && problem?.message == "model: nope")
    }

    @Test(arguments: [
        ("", [1, 2, 3, 4, 5], false), ("limit=2", [1, 2], true), ("limit=2&after_id=claude-2", [3, 4], true),
        ("limit=3&after_id=claude-2", [3, 4, 5], false), ("after_id=claude-5", [], false),
        ("limit=2&before_id=claude-4", [2, 3], true), ("before_id=claude-3", [1, 2], false),
        ("before_id=claude-1", [], false), ("after_id=claude-1&before_id=claude-4", [2, 3], false),
        ("after_id=claude-4&before_id=claude-2", [], false),
    ])
    func `a page begins after one model or ends before one`(query: String, numbers: [Int], hasMore: Bool) throws {
        let body = try JSONReader.read(try AnthropicModels.list(Self.models, page: ParameterSet(query: query)))
        let ids = numbers.map { "claude-\($0)" }
        #expect(body["data"]?.array?.map { $0["id"]?.text } == ids)
        #expect(body["has_more"]?.bool == hasMore)
        #expect(body["first_id"]?.text == ids.first && body["last_id"]?.text == ids.last)
    }

    @Test(arguments: ["limit=0", "limit=1001", "limit=x", "after_id=x", "before_id="])
    func `a page that cannot be is refused`(query: String) {
        let problem = #expect(throws: RequestProblem.self) {
            try AnthropicModels.list(Self.models, page: ParameterSet(query: query))
        }
        #expect(problem?.status == 400)
    }

    private static func check(
        _ choice: WholeAnswer.Choice,
        _ usage: Usage,
        _ golden: String,
        fields: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let answer = WholeAnswer(choices: [choice], usage: usage)
        let actual = try request(fields).body(of: answer, for: AnthropicPlayer.identity)
        #expect(actual == AnthropicGolden.bytes(golden, replacedBy: actual), sourceLocation: sourceLocation)
    }

    private static func request(_ fields: String = "") throws -> AnthropicMessagesRequest {
        let body = #"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"hi"}]\#(fields)}"#
        return try AnthropicMessagesRequest(body: Array(body.utf8), version: "2023-06-01")
    }
}

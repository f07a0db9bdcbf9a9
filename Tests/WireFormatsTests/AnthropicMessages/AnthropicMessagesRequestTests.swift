// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import TestSupport
import Testing
import WireFormats

struct AnthropicMessagesRequestTests {
    @Test
    func `a short request has the format's defaults`() throws {
        let request = try Self.decode(
            #"{"model":"m?rate=5","max_tokens":64,"messages":[{"role":"user","content":"hi"}]}"#
        )
        var expected = ChatRequest(model: "m?rate=5", messages: [.init(role: .user, content: "hi")])
        expected.format = .anthropicMessages
        expected.wantsUsage = true
        expected.isStreamed = false
        expected.maximumTokens = 64
        #expect(request.chat == expected)
        #expect(!request.omitsThinking)
        #expect(request.streamType == "text/event-stream; charset=utf-8")
    }

    @Test
    func `all fields are understood, and those that nobody knows passed over`() throws {
        let body = #"""
            {"model":"m","max_tokens":9,"stream":true,
            "system":[{"type":"text","text":"Be "},{"type":"text","text":"brief."}],
            "stop_sequences":["END","\n"],"temperature":1,"top_p":0.5,"top_k":3,
            "metadata":{"user_id":"u"},"nonsense":[1],
            "tools":[{"name":"tide","description":"d","input_schema":{"type":"object","properties":{}}},
            {"type":"web_search_20990101","name":"web_search"}],
            "tool_choice":{"type":"tool","name":"tide","disable_parallel_tool_use":true},
            "thinking":{"type":"enabled","budget_tokens":1024,"display":"omitted"},
            "output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}},
            "messages":[{"role":"user","content":"hi"}]}
            """#
        let chat = try Self.decode(body).chat
        let schema = JSONValue.object([.init(name: "type", value: .string(Array("object".utf8)))])
        #expect(chat.messages == [.init(role: .system, content: "Be brief."), .init(role: .user, content: "hi")])
        #expect(chat.isStreamed && chat.wantsReasoning && !chat.allowsParallelToolCalls)
        #expect(chat.stopSequences == ["END", "\n"])
        #expect(chat.tools.map(\.name) == ["tide", "web_search"])
        #expect(chat.tools.first?.description == "d" && chat.tools.first?.parameters?["properties"] == .object([]))
        #expect(chat.toolChoice == .named("tide"))
        #expect(chat.shape == .jsonSchema(schema))
        #expect(try Self.decode(body).omitsThinking)
    }

    @Test(arguments: [
        (#"{"type":"auto"}"#, ToolChoice.auto), (#"{"type":"any"}"#, .required), (#"{"type":"none"}"#, .none),
        (#"{"type":"tool","name":"f"}"#, .named("f")), ("null", .auto),
    ])
    func `each choice of tools has its meaning`(choice: String, expected: ToolChoice) throws {
        let tools = #""tools":[{"type":"custom","name":"f","input_schema":{"type":"object"}}]"#
        let chat = try Self.decode(Self.body(#"\#(tools),"tool_choice":\#(choice)"#)).chat
        #expect(chat.toolChoice == expected)
        #expect(chat.allowsParallelToolCalls)
    }

    @Test(arguments: [
        (#"{"type":"enabled","budget_tokens":1024}"#, true), (#"{"type":"adaptive"}"#, true),
        (#"{"type":"disabled"}"#, false), (#"{"type":"between_tools"}"#, false), ("null", false),
    ])
    func `thinking is wanted where it is switched on`(thinking: String, isWanted: Bool) throws {
        #expect(try Self.decode(Self.body(#""thinking":\#(thinking)"#)).chat.wantsReasoning == isWanted)
    }

    @Test
    func `blocks become text, attachments and calls, and a tool's result a message of its own`() throws {
        let messages = #"""
            [{"role":"user","content":[{"type":"text","text":"Look "},
            {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO"}},
            {"type":"text","text":"here","cache_control":{"type":"ephemeral"}},
            {"type":"document","source":{"type":"url","url":"https://x/a.pdf"}},
            {"type":"document","source":{"type":"text","media_type":"text/plain","data":"words"}},
            {"type":"document","source":{"type":"content","content":[{"type":"text","text":"parts"}]}},
            {"type":"image","source":{"type":"file","file_id":"file_1"}},
            {"type":"search_result","title":"t","source":"s","content":[{"type":"text","text":"!"}]}]},
            {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"Er"},
            {"type":"redacted_thinking","data":"x"},{"type":"text","text":"I call"},
            {"type":"server_tool_use","id":"s","name":"web_search","input":{}},
            {"type":"web_search_tool_result","tool_use_id":"s","content":[]},
            {"type":"tool_use","id":"t1","name":"tide","input":{"port":"Oslo","n":1.50}},
            {"type":"tool_use","id":"t2","name":"moon","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"low"},
            {"type":"text","text":"and"},
            {"type":"tool_result","tool_use_id":"t2","is_error":true,"content":[{"type":"text","text":"ful"},
            {"type":"text","text":"l"},{"type":"image","source":{"type":"url","url":"https://x/m.png"}}]},
            {"type":"text","text":"then?"}]},
            {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"Er"}]},
            {"role":"system","content":"Hurry."},{"role":"user","content":"so?"}]
            """#
        let chat = try Self.decode(#"{"model":"m","max_tokens":1,"messages":\#(messages)}"#).chat
        let attachments = [
            Attachment(kind: .image, mediaType: "image/png", source: "iVBO"),
            Attachment(kind: .file, source: "https://x/a.pdf"),
            Attachment(kind: .file, mediaType: "text/plain", source: "words"),
            Attachment(kind: .file, mediaType: "text/plain", source: "parts"),
            Attachment(kind: .image, source: "file_1"),
        ]
        let calls = [
            ToolCall(id: "t1", name: "tide", arguments: Array(#"{"port":"Oslo","n":1.50}"#.utf8)),
            ToolCall(id: "t2", name: "moon", arguments: Array("{}".utf8)),
        ]
        let moon = Attachment(kind: .image, source: "https://x/m.png")
        var caller = ChatMessage(role: .assistant, content: "I call", toolCalls: calls)
        caller.reasoning = "hm"
        caller.reasoningSignature = "Er"
        var thinker = ChatMessage(role: .assistant, content: "")
        thinker.reasoning = "hm"
        thinker.reasoningSignature = "Er"
        var full = ChatMessage(role: .tool, content: "full", attachments: [moon], toolCallID: "t2", name: "moon")
        full.isError = true
        #expect(
            chat.messages == [
                .init(role: .user, content: "Look here!", attachments: attachments), caller,
                .init(role: .tool, content: "low", toolCallID: "t1", name: "tide"),
                .init(role: .user, content: "and"), full, .init(role: .user, content: "then?"), thinker,
                .init(role: .system, content: "Hurry."), .init(role: .user, content: "so?"),
            ]
        )
    }

    @Test
    func `to count tokens takes no max_tokens and streams nothing`() throws {
        let body = #"{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}"#
        let chat = try AnthropicMessagesRequest(body: Array(body.utf8), version: "2023-06-01", isCountOnly: true).chat
        #expect(chat.maximumTokens == nil && !chat.isStreamed)
    }

    @Test(arguments: [
        (nil, "anthropic-version: header is required"), ("", "anthropic-version: header is required"),
        ("2024-01-01", "anthropic-version: no such version; known are 2023-06-01 and 2026-10-21"),
    ])
    func `a version is needed, and one that is known`(version: String?, message: String) {
        let problem = #expect(throws: RequestProblem.self) {
            try AnthropicMessagesRequest(body: Array(Self.body("").utf8), version: version)
        }
        #expect(problem?.status == 400 && problem?.message == message)
    }

    @Test(arguments: [
        (body(#""temperature":1"#), "temperature: not taken in version 2026-10-21; leave it out"),
        (body(#""top_p":0.9"#), "top_p: not taken in version 2026-10-21; leave it out"),
        (body(#""top_k":5"#), "top_k: not taken in version 2026-10-21; leave it out"),
        (
            talk(#"{"role":"assistant","content":[{"type":"document","source":{"type":"url","url":"u"}}]}"#),
            "messages.0.content.0: an assistant's message takes no `document` blocks in version 2026-10-21"
        ),
        (
            talk(#"{"role":"user","content":[{"type":"text","text":"a","citations":[{}]}]}"#),
            "messages.0.content.0.text.citations: a user's text takes no citations in version 2026-10-21"
        ),
    ])
    func `the version of 2026 refuses what that of 2023 takes`(body: String, message: String) throws {
        #expect(try !Self.decode(body).chat.messages.isEmpty)
        let problem = #expect(throws: RequestProblem.self) { try Self.decode(body, version: "2026-10-21") }
        #expect(problem?.status == 400 && problem?.message == message)
    }

    @Test(arguments: [
        body(#""temperature":null"#), talk(#"{"role":"user","content":[{"type":"text","text":"a","citations":[]}]}"#),
        talk(#"{"role":"user","content":[{"type":"document","source":{"type":"url","url":"u"}}]}"#),
    ])
    func `the version of 2026 takes the rest`(body: String) throws {
        #expect(try !Self.decode(body, version: "2026-10-21").chat.messages.isEmpty)
    }

    @Test
    func `whatever comes, a request is understood or refused with a reason`() {
        let bodies = Self.samples.map { Array($0.utf8) }
        var dice = Dice(seed: 0xA8)
        for round in 0..<10_000 {
            let body = dice.mangled(bodies.randomElement(using: &dice) ?? [])
            do {
                let version = Bool.random(using: &dice) ? "2023-06-01" : "2026-10-21"
                let chat = try AnthropicMessagesRequest(body: body, version: version).chat
                #expect(!chat.model.isEmpty && !chat.messages.isEmpty, "round \(round)")
            } catch {
                #expect(error.status == 400 && !error.message.isEmpty, "round \(round)")
            }
        }
    }

    private static let samples = [
        body(#""stream":true,"thinking":{"type":"adaptive"},"stop_sequences":["a"],"top_k":1"#),
        body(
            #""tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"tool","name":"f"}"#
        ),
        talk(
            #"{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"a":[1]}}]},"#
                + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"é😀\ud83d"}]}"#
        ),
        talk(#"{"role":"user","content":[{"type":"image","source":{"type":"url","url":"u"}}]}"#),
    ]

    /// A short request with more fields.
    private static func body(_ fields: String) -> String {
        let more = fields.isEmpty ? "" : "," + fields
        return #"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"hi"}]\#(more)}"#
    }

    /// A request of these messages.
    private static func talk(_ messages: String) -> String {
        #"{"model":"m","max_tokens":1,"messages":[\#(messages)]}"#
    }

    private static func decode(_ body: String, version: String = "2023-06-01") throws -> AnthropicMessagesRequest {
        try AnthropicMessagesRequest(body: Array(body.utf8), version: version)
    }
}

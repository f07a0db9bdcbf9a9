// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing
import WireFormats

struct OpenAIChatRequestTests {
    @Test
    func `the least request asks for one answer of text that is not streamed`() throws {
        let request = try Self.request("")
        var chat = ChatRequest(model: "m?rate=9", messages: [ChatMessage(role: .user, content: "Hei")])
        chat.format = .openAIChat
        chat.isStreamed = false
        chat.wantsUsage = true
        #expect(request.chat == chat)
        #expect(request.streamType == "text/event-stream; charset=utf-8")
        #expect(request.fields.map(\.name) == ["openai-version"])
    }

    @Test
    func `each option that shapes the answer is read`() throws {
        let chat = try Self.request(
            #"""
            "stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"n":3,
            "max_completion_tokens":50,"stop":["A","","B"],"seed":-2,"temperature":2,"top_p":0,
            "frequency_penalty":-2,"presence_penalty":2,"logprobs":true,"top_logprobs":20,
            "parallel_tool_calls":false,"response_format":{"type":"json_object"},"reasoning_effort":"high",
            "modalities":["text"],"verbosity":"low","logit_bias":{"1":2},"metadata":{"a":"b"},"user":"u",
            "service_tier":"auto","store":true,"prediction":{},"extra":[1]
            """#
        ).chat
        #expect(chat.isStreamed && chat.wantsUsage && chat.wantsReasoning)
        #expect(chat.choices == 3)
        #expect(chat.maximumTokens == 50)
        #expect(chat.stopSequences == ["A", "B"])
        #expect(chat.seed == UInt64.max - 1)
        let sampling = chat.sampling
        #expect(sampling.temperature == 2 && sampling.topP == 0)
        #expect(sampling.frequencyPenalty == -2 && sampling.presencePenalty == 2)
        #expect(chat.reasoning == ReasoningWish(effort: .high))
        #expect(chat.topLogprobs == 20)
        #expect(!chat.allowsParallelToolCalls)
        #expect(chat.shape == .jsonObject)
    }

    @Test
    func `null is as good as absent`() throws {
        let names = [
            "stream", "stream_options", "n", "max_tokens", "max_completion_tokens", "stop", "seed", "temperature",
            "top_p", "frequency_penalty", "presence_penalty", "logprobs", "top_logprobs", "tools", "tool_choice",
            "parallel_tool_calls", "response_format", "reasoning_effort", "modalities", "audio", "functions",
            "function_call", "verbosity",
        ]
        let chat = try Self.request(names.map { "\"\($0)\":null" }.joined(separator: ",")).chat
        #expect(try chat == Self.request("").chat)
    }

    @Test(arguments: [
        (#""max_tokens":7"#, 7), (#""max_completion_tokens":8"#, 8),
        (#""max_tokens":9,"max_completion_tokens":null"#, 9),
    ])
    func `either name of the token limit is taken`(options: String, limit: Int) throws {
        #expect(try Self.request(options).chat.maximumTokens == limit)
    }

    @Test(arguments: [
        (#""seed":9223372036854775807"#, UInt64(Int64.max)), (#""seed":-9223372036854775808"#, 1 << 63),
        (#""seed":0"#, 0),
    ])
    func `a seed keeps all of its 64 bits`(options: String, seed: UInt64) throws {
        #expect(try Self.request(options).chat.seed == seed)
    }

    @Test(arguments: [
        ("none", false), ("minimal", true), ("low", true), ("medium", true), ("high", true), ("xhigh", true),
        ("max", true),
    ])
    func `reasoning is wanted where an effort is named`(effort: String, wanted: Bool) throws {
        #expect(try Self.request("\"reasoning_effort\":\"\(effort)\"").chat.wantsReasoning == wanted)
    }

    @Test(arguments: [
        (#""tool_choice":"none""#, ToolChoice.none), (#""tool_choice":"auto""#, .auto),
        (#""tool_choice":"required""#, .required),
        (#""tool_choice":{"type":"function","function":{"name":"b"}}"#, .named("b")),
        (#""tool_choice":{"type":"custom","custom":{"name":"c"}}"#, .named("c")),
    ])
    func `a tool choice is taken in each of its forms`(choice: String, expected: ToolChoice) throws {
        let chat = try Self.request(Self.tools + choice).chat
        #expect(chat.toolChoice == expected)
        #expect(chat.tools.map(\.name) == ["a", "b", "c"])
    }

    @Test
    func `allowed tools are the only ones left`() throws {
        let choice = #"""
            "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[
                {"type":"function","function":{"name":"b"}},{"type":"custom","custom":{"name":"c"}}]}}
            """#
        let chat = try Self.request(Self.tools + choice).chat
        #expect(chat.toolChoice == .required)
        #expect(chat.tools.map(\.name) == ["b", "c"])
    }

    @Test
    func `a tool keeps its description and its schema`() throws {
        let chat = try Self.request(Self.tools + #""n":1"#).chat
        let schema = try JSONReader.read(Array(#"{"type":"object","properties":{}}"#.utf8))
        #expect(chat.tools.first == ToolDefinition(name: "a", description: "does a", parameters: schema))
    }

    @Test
    func `functions are tools of which one at most is called`() throws {
        let chat = try Self.request(#""functions":[{"name":"f"},{"name":"g"}],"function_call":{"name":"g"}"#).chat
        #expect(chat.tools.map(\.name) == ["f", "g"])
        #expect(chat.toolChoice == .named("g"))
        #expect(!chat.allowsParallelToolCalls)
    }

    @Test
    func `a schema is asked for by name`() throws {
        let given = #""response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}"#
        let schema = JSONValue.object([.init(name: "type", value: .string(Array("object".utf8)))])
        #expect(try Self.request(given).chat.shape == .jsonSchema(schema))
        let open = #""response_format":{"type":"json_schema","json_schema":{"name":"n"}}"#
        #expect(try Self.request(open).chat.shape == .jsonSchema(.object([])))
    }

    @Test
    func `each role is taken, and parts become text and attachments`() throws {
        let chat = try OpenAIChatRequest(body: Array(Self.conversation.utf8)).chat
        #expect(
            chat.messages == [
                ChatMessage(role: .developer, content: "Be brief."),
                ChatMessage(role: .system, content: "Yes.", name: "s"),
                ChatMessage(role: .user, content: "Look: what?", attachments: Self.attachments),
                ChatMessage(
                    role: .assistant,
                    content: "",
                    toolCalls: [
                        ToolCall(id: "c1", name: "f", arguments: Array("{".utf8)),
                        ToolCall(id: "c2", name: "x", arguments: Array("raw".utf8)),
                    ]
                ),
                ChatMessage(role: .tool, content: "1", toolCallID: "c2"),
                ChatMessage(role: .tool, content: "2", toolCallID: "c1", name: "f"),
                ChatMessage(role: .assistant, content: "AB"),
                ChatMessage(role: .assistant, content: "No."),
                ChatMessage(role: .assistant, content: "", toolCalls: [ToolCall(id: "", name: "g", arguments: [])]),
                ChatMessage(role: .tool, content: "3", name: "g"),
                ChatMessage(role: .assistant, content: ""),
                ChatMessage(role: .user, content: "Go on."),
            ]
        )
        #expect(chat.lastUserText == "Go on.")
    }

    private static let attachments = [
        Attachment(kind: .image, mediaType: "image/png", source: "data:image/png;base64,AAAA"),
        Attachment(kind: .image, source: "https://example.org/a.jpg"),
        Attachment(kind: .audio, mediaType: "audio/mpeg", source: "BBBB"),
        Attachment(kind: .file, mediaType: "application/pdf", source: "data:application/pdf;base64,CCCC"),
        Attachment(kind: .file, source: "file-1"),
    ]

    private static let conversation = #"""
        {"model":"m","messages":[
        {"role":"developer","content":"Be brief."},
        {"role":"system","content":[{"type":"text","text":"Ye"},{"type":"text","text":"s."}],"name":"s"},
        {"role":"user","content":[{"type":"text","text":"Look: "},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},
            {"type":"image_url","image_url":{"url":"https://example.org/a.jpg"}},
            {"type":"input_audio","input_audio":{"data":"BBBB","format":"mp3"}},
            {"type":"file","file":{"file_data":"data:application/pdf;base64,CCCC","filename":"c.pdf"}},
            {"type":"file","file":{"file_id":"file-1"}},
            {"type":"text","text":"what?"}]},
        {"role":"assistant","content":null,"tool_calls":[
            {"id":"c1","type":"function","function":{"name":"f","arguments":"{"}},
            {"id":"c2","type":"custom","custom":{"name":"x","input":"raw"}}]},
        {"role":"tool","tool_call_id":"c2","content":"1"},
        {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"2"}],"name":"f"},
        {"role":"assistant","content":[{"type":"text","text":"A"},{"type":"refusal","refusal":"B"}]},
        {"role":"assistant","refusal":"No."},
        {"role":"assistant","function_call":{"name":"g","arguments":""}},
        {"role":"function","name":"g","content":"3"},
        {"role":"assistant","audio":{"id":"a1"}},
        {"role":"user","content":"Go on."}]}
        """#

    private static let tools = #"""
        "tools":[{"type":"function","function":{"name":"a","description":"does a","strict":true,
            "parameters":{"type":"object","properties":{}}}},
            {"type":"function","function":{"name":"b"}},{"type":"custom","custom":{"name":"c","format":{}}}],
        """#

    private static func request(_ options: String) throws -> OpenAIChatRequest {
        let rest = options.isEmpty ? "" : "," + options
        let body = #"{"model":"m?rate=9","messages":[{"role":"user","content":"Hei"}]\#(rest)}"#
        return try OpenAIChatRequest(body: Array(body.utf8))
    }
}

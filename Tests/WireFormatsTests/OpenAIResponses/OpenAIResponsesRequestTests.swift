// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing
import WireFormats

struct OpenAIResponsesRequestTests {
    private typealias Transcript = OpenAIResponsesTranscript

    @Test
    func `a string is one message of the user, and all else has its default`() throws {
        let request = try Transcript.request()
        var chat = ChatRequest(
            model: "tern-1",
            messages: [ChatMessage(role: .user, content: "Hi")],
            format: .openAIResponses,
            wantsUsage: true
        )
        chat.isStreamed = false
        #expect(request.chat == chat)
        #expect(request.previousResponseID == nil)
        #expect(!request.isBackground)
        #expect(request.isStored)
    }

    @Test
    func `what the request wants of the answer is passed on`() throws {
        let request = try Transcript.request(
            #"""
            "input":"Hi","stream":true,"store":false,"previous_response_id":"resp_9","max_output_tokens":16,
            "parallel_tool_calls":false,"tools":[\#(Transcript.weatherTool),{"type":"mcp","server_url":"x"}],
            "tool_choice":"required","text":{"format":{"type":"json_object"}},"reasoning":{"summary":"auto"},
            "stream_options":{"include_obfuscation":true},"nobody":"knows"
            """#
        )
        #expect(request.chat.isStreamed)
        #expect(!request.isStored)
        #expect(request.previousResponseID == "resp_9")
        #expect(request.chat.maximumTokens == 16)
        #expect(!request.chat.allowsParallelToolCalls)
        let schema = JSONValue.object([JSONValue.Member(name: "type", value: .string(Array("object".utf8)))])
        #expect(request.chat.tools == [ToolDefinition(name: "tide", description: "Tide tables", parameters: schema)])
        #expect(request.chat.toolChoice == .required)
        #expect(request.chat.shape == .jsonObject)
        #expect(request.chat.wantsReasoning)
    }

    @Test(arguments: [
        (#"{"effort":"none"}"#, false), (#"{"effort":null,"summary":null}"#, false), ("null", false), ("{}", false),
        (#"{"effort":"low"}"#, true), (#"{"effort":"none","summary":"concise"}"#, true),
    ])
    func `reasoning is wanted where a summary or an effort is`(reasoning: String, isWanted: Bool) throws {
        let request = try Transcript.request(#""input":"Hi","reasoning":\#(reasoning)"#)
        #expect(request.chat.wantsReasoning == isWanted)
    }

    @Test(arguments: [
        (#""top_logprobs":0"#, nil), (#""top_logprobs":3"#, 3), (#""include":[]"#, nil),
        (#""include":["message.output_text.logprobs"]"#, 0), (#""include":["reasoning.encrypted_content"]"#, nil),
        (#""include":["message.output_text.logprobs"],"top_logprobs":20"#, 20),
    ])
    func `log probabilities are asked for by name or by number`(members: String, top: Int?) throws {
        #expect(try Transcript.request(#""input":"Hi",\#(members)"#).chat.topLogprobs == top)
    }

    @Test
    func `a schema is flat`() throws {
        let request = try Transcript.request(
            #""input":"Hi","text":{"format":{"type":"json_schema","name":"n","strict":true,"schema":{"a":1}}}"#
        )
        #expect(request.chat.shape == .jsonSchema(.object([JSONValue.Member(name: "a", value: .number("1"))])))
    }

    @Test(arguments: [
        (#""none""#, ToolChoice.none, 1), (#""auto""#, .auto, 1), ("null", .auto, 1),
        (#"{"type":"function","name":"tide"}"#, .named("tide"), 1), (#"{"type":"custom","name":"x"}"#, .auto, 1),
        (#"{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"tide"}]}"#, .required, 1),
        (#"{"type":"allowed_tools","mode":"auto","tools":[]}"#, .auto, 0),
        (#"{"type":"allowed_tools","mode":"required","tools":[{"type":"web_search"}]}"#, .auto, 0),
    ])
    func `a choice of tools is read in each of its forms`(json: String, choice: ToolChoice, tools: Int) throws {
        let request = try Transcript.request(
            #""input":"Hi","tools":[\#(Transcript.weatherTool)],"tool_choice":\#(json)"#
        )
        #expect(request.chat.toolChoice == choice)
        #expect(request.chat.tools.count == tools)
    }

    // MARK: Input

    @Test
    func `items become turns, calls join what the assistant said, results get their tool's name`() throws {
        let request = try Transcript.request(
            #"""
            "instructions":"Be brief.","input":[{"type":"message","role":"developer","content":"d"},
            {"role":"user","content":[{"type":"input_text","text":"Look"},
            {"type":"input_image","image_url":"data:image/png;base64,AA","detail":"low"},
            {"type":"input_file","file_id":"file-1"},
            {"type":"input_audio","input_audio":{"data":"BB","format":"wav"}},{"type":"input_text","text":" here"}]},
            {"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},
            {"id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"So","annotations":[]}]},
            {"type":"function_call","call_id":"c1","name":"tide","arguments":"{}","status":"completed"},
            {"type":"function_call","call_id":"c2","name":"moon","arguments":"{"},
            {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"full"}]},
            {"type":"function_call_output","call_id":"c1","output":"high"},{"type":"web_search_call","id":"ws_1"}]
            """#
        )
        let calls = [
            ToolCall(id: "c1", name: "tide", arguments: Array("{}".utf8)),
            ToolCall(id: "c2", name: "moon", arguments: Array("{".utf8)),
        ]
        let attachments = [
            Attachment(kind: .image, mediaType: "image/png", source: "data:image/png;base64,AA"),
            Attachment(kind: .file, source: "file-1"),
            Attachment(kind: .audio, mediaType: "audio/wav", source: "BB"),
        ]
        #expect(
            request.chat.messages == [
                ChatMessage(role: .system, content: "Be brief."), ChatMessage(role: .developer, content: "d"),
                ChatMessage(role: .user, content: "Look here", attachments: attachments),
                ChatMessage(role: .assistant, content: "So", toolCalls: calls),
                ChatMessage(role: .tool, content: "full", toolCallID: "c2", name: "moon"),
                ChatMessage(role: .tool, content: "high", toolCallID: "c1", name: "tide"),
            ]
        )
        #expect(request.inputItems(for: Transcript.identity).count == 9)
    }

    @Test
    func `a reference to a stored item is that item, and to none says nothing`() throws {
        let body = #"{"model":"m","input":[{"type":"item_reference","id":"msg_1"},{"id":"msg_2"},{"id":"loop"}]}"#
        let stored = try JSONReader.read(
            Array(#"{"id":"msg_1","type":"message","role":"assistant","content":"Before"}"#.utf8)
        )
        let loop = try JSONReader.read(Array(#"{"id":"loop"}"#.utf8))
        let request = try OpenAIResponsesRequest(
            body: Array(body.utf8),
            stored: { ["msg_1": stored, "loop": loop][$0] }
        )
        #expect(request.chat.messages == [ChatMessage(role: .assistant, content: "Before")])
        let ids = request.inputItems(for: Transcript.identity).compactMap { $0["id"]?.text }
        #expect(ids == ["msg_1", "msg_2", "loop"])
    }

    @Test
    func `each item has an id of its own`() throws {
        let messages = Array(repeating: #"{"role":"user","content":"a"}"#, count: 40).joined(separator: ",")
        let items = try Transcript.request(#""input":[\#(messages)]"#).inputItems(for: Transcript.identity)
        #expect(Set(items.compactMap { $0["id"]?.text }).count == 40)
    }

    // MARK: Going on

    @Test
    func `a response goes on from an earlier one, without its instructions`() throws {
        let first = try Transcript.request(#""instructions":"Old.","input":"Tide?""#)
        let answer = Transcript.answer {
            $0.text = Array("Let me see.".utf8)
            $0.toolCalls = [ToolCall(id: "", name: "tide", arguments: [])]
        }
        let history = first.history(after: answer, for: Transcript.identity)
        #expect(history.count == 2)
        #expect(history[0] == ChatMessage(role: .user, content: "Tide?"))
        let id = try #require(history[1].toolCalls.first?.id)
        #expect(id.hasPrefix("call_"))
        let body = String(decoding: first.body(of: answer, for: Transcript.identity), as: UTF8.self)
        #expect(body.contains(#""call_id":"\#(id)""#))

        let second = try Transcript.request(
            #""instructions":"New.","input":[{"type":"function_call_output","call_id":"\#(id)","output":"high"}]"#
        ).continuing(from: history)
        #expect(second.chat.messages.map(\.role) == [.system, .user, .assistant, .tool])
        #expect(second.chat.messages[0].content == "New.")
        #expect(second.chat.messages[3].name == "tide")
        #expect(second.history(after: answer, for: Transcript.identity).count == 4)
    }
}

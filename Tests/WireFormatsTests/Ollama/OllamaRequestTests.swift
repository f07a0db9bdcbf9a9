// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing
import WireFormats

struct OllamaRequestTests {
    @Test
    func `a chat is read whole`() throws {
        let request = try Self.chat(
            #"""
            {"model":"mock?rate=5","stream":false,"think":"high","format":{"type":"object"},"unknown":[1],
             "messages":[{"role":"system","content":"s"},{"role":"user","content":"u","images":["aGk="]},
              {"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},
              {"role":"tool","content":"r","tool_name":"f","tool_call_id":"c"}],
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}],
             "options":{"num_predict":9,"stop":["x",""],"seed":4,"temperature":0.5},"keep_alive":"5m"}
            """#
        )
        let chat = request.chat
        #expect(chat.model == "mock?rate=5")
        #expect(chat.format == .ollamaChat)
        #expect(!chat.isStreamed)
        #expect(chat.wantsReasoning)
        #expect(chat.wantsUsage)
        let schema = JSONValue.object([.init(name: "type", value: .string(Array("object".utf8)))])
        #expect(chat.shape == .jsonSchema(schema))
        #expect(chat.maximumTokens == 9)
        #expect(chat.stopSequences == ["x"])
        #expect(chat.seed == 4)
        #expect(chat.sampling.temperature == 0.5 && chat.reasoning.effort == .high)
        #expect(chat.tools == [ToolDefinition(name: "f", description: "d", parameters: schema)])
        #expect(
            chat.messages == [
                .init(role: .system, content: "s"),
                .init(role: .user, content: "u", attachments: [.init(kind: .image, source: "aGk=")]),
                .init(
                    role: .assistant,
                    content: "",
                    toolCalls: [.init(id: "", name: "f", arguments: Array(#"{"a":1}"#.utf8))]
                ),
                .init(role: .tool, content: "r", toolCallID: "c", name: "f"),
            ]
        )
        #expect(!request.isLoad)
        #expect(request.streamType == "application/x-ndjson")
        #expect(request.fields.isEmpty)
    }

    @Test
    func `a generation is a turn of the user, after the system's`() throws {
        let request = try OllamaGenerateRequest(
            body: Array(#"{"model":"m","prompt":"p","system":"s","images":["a"],"format":"json","raw":true}"#.utf8)
        )
        let chat = request.chat
        #expect(chat.format == .ollamaGenerate)
        #expect(chat.isStreamed)
        #expect(chat.shape == .jsonObject)
        let image = Attachment(kind: .image, source: "a")
        #expect(
            chat.messages == [
                .init(role: .system, content: "s"), .init(role: .user, content: "p", attachments: [image]),
            ]
        )
        #expect(!request.isLoad)
    }

    @Test
    func `what is not given has Ollama's defaults`() throws {
        let chat = try Self.chat(
            #"""
            {"model":"m","messages":[{"role":"USER"}],"stream":null,"tools":[],"format":"",
             "options":{"seed":-1,"num_predict":-1}}
            """#
        ).chat
        #expect(chat.isStreamed)
        #expect(chat.tools.isEmpty)
        #expect(chat.shape == .text)
        #expect(chat.seed == nil)
        #expect(chat.maximumTokens == nil)
        #expect(!chat.wantsReasoning)
        #expect(chat.messages == [.init(role: .user, content: "")])
    }

    @Test(arguments: [
        (#"{"model":"m"}"#, true, false), (#"{"model":"m","messages":[],"keep_alive":-1}"#, true, false),
        (#"{"model":"m","messages":[],"keep_alive":0}"#, true, true),
        (#"{"model":"m","keep_alive":"0"}"#, true, true), (#"{"model":"m","keep_alive":"0m0s"}"#, true, true),
        (#"{"model":"m","keep_alive":"10m"}"#, true, false),
        (#"{"model":"m","messages":[{"role":"user"}],"prompt":"p","keep_alive":0}"#, false, false),
    ])
    func `without messages or prompt it is about loading`(body: String, isLoad: Bool, isUnload: Bool) throws {
        let chat = try Self.chat(body)
        #expect([chat.isLoad, chat.isUnload] == [isLoad, isUnload])
        let generation = try OllamaGenerateRequest(body: Array(body.utf8))
        #expect([generation.isLoad, generation.isUnload] == [isLoad, isUnload])
    }

    @Test(
        arguments: [
            ("", "invalid_json", nil), ("[]", "invalid_json", nil), ("{", "invalid_json", nil),
            ("{}", "missing_required_parameter", "model"), (#"{"model":5}"#, "invalid_type", "model"),
            (#"{"model":""}"#, "invalid_value", "model"), (#"{"model":"a","model":""}"#, "invalid_value", "model"),
            (#"{"model":"m","stream":"no"}"#, "invalid_type", "stream"),
            (#"{"model":"m","format":"xml"}"#, "invalid_value", "format"),
            (#"{"model":"m","format":1}"#, "invalid_value", "format"),
            (#"{"model":"m","think":"much"}"#, "invalid_value", "think"),
            (#"{"model":"m","keep_alive":"soon"}"#, "invalid_value", "keep_alive"),
            (#"{"model":"m","options":[]}"#, "invalid_type", "options"),
            (#"{"model":"m","options":{"stop":"x"}}"#, "invalid_type", "options.stop"),
            (#"{"model":"m","options":{"stop":[1]}}"#, "invalid_type", "options.stop[0]"),
            (
                #"{"model":"m","options":{"stop":["a"\#(String(repeating: #","a""#, count: 256))]}}"#, "invalid_value",
                "options.stop"
            ),
            (#"{"model":"m","options":{"num_predict":1.5}}"#, "invalid_type", "options.num_predict"),
            (#"{"model":"m","options":{"seed":1e99}}"#, "invalid_type", "options.seed"),
            (#"{"model":"m","messages":{}}"#, "invalid_type", "messages"),
            (#"{"model":"m","messages":["x"]}"#, "invalid_type", "messages[0]"),
            (#"{"model":"m","messages":[{}]}"#, "missing_required_parameter", "messages[0].role"),
            (#"{"model":"m","messages":[{"role":"x"}]}"#, "invalid_value", "messages[0].role"),
            (#"{"model":"m","messages":[{"role":"user","content":[]}]}"#, "invalid_type", "messages[0].content"),
            (
                #"{"model":"m","messages":[{"role":"tool","tool_calls":[{"function":{"name":"f","arguments":""}}]}]}"#,
                "invalid_type", "messages[0].tool_calls[0].function.arguments"
            ),
            (#"{"model":"m","messages":[],"tools":[{}]}"#, "missing_required_parameter", "tools[0].function"),
        ] as [(String, String, String?)]
    )
    func `what Ollama refuses is refused, and the place named`(body: String, code: String, parameter: String?) {
        let problem = #expect(throws: RequestProblem.self) { try Self.chat(body) }
        #expect(problem?.status == 400)
        #expect(problem?.code == code)
        #expect(problem?.parameter == parameter)
        #expect(parameter.map { problem?.message.contains($0) ?? false } ?? true)
    }

    @Test(arguments: [
        (#"{"model":"a","stream":false}"#, "a", false), (#"{"name":"b"}"#, "b", true),
        (#"{"source":"c","destination":"d"}"#, "c", true),
    ])
    func `a model is named by any of three members`(body: String, name: String, isStreamed: Bool) throws {
        let request = try OllamaModelRequest(body: Array(body.utf8))
        #expect(request.model == name)
        #expect(request.isStreamed == isStreamed)
    }

    private static func chat(_ body: String) throws -> OllamaChatRequest {
        try OllamaChatRequest(body: Array(body.utf8))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import TestSupport
import Testing
import WireFormats

struct GeminiRequestTests {
    private static let full = #"""
        {"systemInstruction":{"parts":{"text":"Be brief."}},
        "contents":[{"role":"user","parts":[{"text":"What is "},{"text":"this?"},
        {"inlineData":{"mimeType":"image/png","data":"QUJD"}},{"fileData":{"fileUri":"gs://a","mimeType":"audio/wav"}},
        {"fileData":{"fileUri":"gs://b","mimeType":"application/pdf"}}]},
        {"role":"model","parts":[{"text":"hm","thought":true},{"text":"I look.","thoughtSignature":"eA=="},
        {"functionCall":{"id":"fc-1","name":"look","args":{"at":[1.50]}}},{"functionCall":{"name":"wait"}}]},
        {"role":"user","parts":[{"functionResponse":{"id":"fc-1","name":"look","response":{"result":"a cat"}}},
        {"functionResponse":{"name":"wait","response":{"ok":true,"n":1}}},{"text":"So?"}]}],
        "generationConfig":{"candidateCount":2,"maxOutputTokens":"64","stopSequences":["END"],"seed":-1,
        "temperature":0.5,"topP":1,"topK":40,"thinkingConfig":{"includeThoughts":true,"thinkingBudget":-1}},
        "tools":[{"functionDeclarations":[{"name":"look","description":"Looks.","parameters":{"type":"OBJECT",
        "properties":{"at":{"type":"ARRAY","items":{"type":"NUMBER"},"min_items":"1"}},"required":["at"]}}]},
        {"googleSearch":{}}],
        "toolConfig":{"functionCallingConfig":{"mode":"AUTO"}},"safetySettings":[{"category":"x"}],"new":1}
        """#

    @Test
    func `all that a request says is understood`() throws {
        let chat = try Self.read(Self.full).chat
        let call = ToolCall(id: "fc-1", name: "look", arguments: Array(#"{"at":[1.50]}"#.utf8))
        let attachments = [
            Attachment(kind: .image, mediaType: "image/png", source: "QUJD"),
            Attachment(kind: .audio, mediaType: "audio/wav", source: "gs://a"),
            Attachment(kind: .file, mediaType: "application/pdf", source: "gs://b"),
        ]
        var look = ChatMessage(
            role: .assistant,
            content: "I look.",
            toolCalls: [call, ToolCall(id: "", name: "wait", arguments: Array("{}".utf8))]
        )
        look.reasoning = "hm"
        look.reasoningSignature = "eA=="
        #expect(chat.reasoning.budgetTokens == -1)
        #expect(chat.sampling.temperature == 0.5 && chat.sampling.topP == 1 && chat.sampling.topK == 40)
        #expect(
            chat.messages == [
                ChatMessage(role: .system, content: "Be brief."),
                ChatMessage(role: .user, content: "What is this?", attachments: attachments),
                look,
                ChatMessage(role: .tool, content: "a cat", toolCallID: "fc-1", name: "look"),
                ChatMessage(role: .tool, content: #"{"ok":true,"n":1}"#, name: "wait"),
                ChatMessage(role: .user, content: "So?"),
            ]
        )
        #expect(chat.model == "gemini-pro?rate=5" && chat.format == .gemini && chat.wantsUsage && chat.isStreamed)
        #expect(chat.choices == 2 && chat.maximumTokens == 64 && chat.stopSequences == ["END"])
        #expect(chat.seed == .max && chat.wantsReasoning && chat.toolChoice == .auto && chat.shape == .text)
        #expect(chat.tools.map(\.name) == ["look"] && chat.tools.first?.description == "Looks.")
        let property = #"{"type":"array","items":{"type":"number"},"minItems":1}"#
        let schema = #"{"type":"object","properties":{"at":\#(property)},"required":["at"]}"#
        #expect(chat.tools.first?.parameters?.jsonBytes == Array(schema.utf8))
    }

    @Test
    func `keys in snake case are taken too`() throws {
        let chat = try Self.read(
            #"""
            {"system_instruction":{"parts":[{"text":"s"}]},
            "contents":[{"parts":[{"inline_data":{"mime_type":"image/gif","data":"x"}},
            {"file_data":{"file_uri":"u"}}]},{"role":"model","parts":[{"function_call":{"name":"f"}}]},
            {"role":"function","parts":[{"function_response":{"name":"f","response":{"output":{"a":1}}}}]}],
            "generation_config":{"candidate_count":1,"max_output_tokens":5,"stop_sequences":["a"],
            "response_mime_type":"application/json","response_schema":{"type":"STRING","nullable":true},
            "thinking_config":{"include_thoughts":true}},
            "tools":[{"function_declarations":[{"name":"f","parameters_json_schema":{"type":"object"}}]}],
            "tool_config":{"function_calling_config":{"mode":"ANY","allowed_function_names":["f"]}}}
            """#
        ).chat
        #expect(chat.messages.map(\.role) == [.system, .user, .assistant, .tool])
        #expect(chat.messages[1].attachments.map(\.source) == ["x", "u"])
        #expect(chat.messages[3].content == #"{"a":1}"#)
        #expect(chat.maximumTokens == 5 && chat.stopSequences == ["a"] && chat.wantsReasoning)
        #expect(chat.toolChoice == .named("f"))
        #expect(chat.shape == .jsonSchema(try JSONReader.read(Array(#"{"type":["string","null"]}"#.utf8))))
    }

    @Test(arguments: [
        (#"{"responseMimeType":"application/json"}"#, AnswerShape.jsonObject), (#"{}"#, .text),
        (#"{"responseMimeType":"text/plain"}"#, .text), (#"{"responseSchema":{}}"#, .jsonSchema(.object([]))),
        (
            #"{"responseMimeType":"application/json","responseJsonSchema":{},"responseSchema":{"type":"STRING"}}"#,
            .jsonSchema(.object([]))
        ),
    ])
    func `the shape of the answer is what the configuration asks for`(config: String, shape: AnswerShape) throws {
        #expect(try Self.read(Self.with(#""generationConfig":\#(config)"#)).chat.shape == shape)
    }

    @Test(arguments: [
        (#"{"mode":"ANY"}"#, ToolChoice.required, ["f", "g"]), (#"{"mode":"NONE"}"#, .none, ["f", "g"]),
        (#"{"mode":"ANY","allowedFunctionNames":["f","g"]}"#, .required, ["f", "g"]), (#"{}"#, .auto, ["f", "g"]),
        (#"{"mode":"ANY","allowedFunctionNames":["g"]}"#, .named("g"), ["g"]),
        (#"{"mode":"VALIDATED","allowedFunctionNames":["g"]}"#, .auto, ["g"]),
    ])
    func `the mode says whether a function has to be called`(
        config: String,
        choice: ToolChoice,
        names: [String]
    ) throws {
        let chat = try Self.read(
            #"""
            {"contents":[{"parts":[{"text":"a"}]}],"tools":{"functionDeclarations":[{"name":"f"},{"name":"g"}]},
            "toolConfig":{"functionCallingConfig":\#(config)}}
            """#
        ).chat
        #expect(chat.toolChoice == choice && chat.tools.map(\.name) == names)
    }

    @Test(arguments: [
        ("", nil), ("{", nil), ("[]", nil), ("{}", "contents"), (#"{"contents":5}"#, "contents"),
        (#"{"contents":[]}"#, "contents"), (#"{"contents":["hi"]}"#, "contents[0]"),
        (#"{"contents":[{}]}"#, "contents[0].parts"), (#"{"contents":[{"parts":[]}]}"#, "contents[0].parts"),
        (#"{"contents":[{"parts":[{"text":5}]}]}"#, "contents[0].parts[0].text"),
        (#"{"contents":[{"role":"assistant","parts":[{"text":"a"}]}]}"#, "contents[0].role"),
        (
            #"{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png"}}]}]}"#,
            "contents[0].parts[0].inlineData.data"
        ),
        (#"{"contents":[{"parts":[{"fileData":{}}]}]}"#, "contents[0].parts[0].fileData.fileUri"),
        (#"{"contents":[{"parts":[{"functionCall":{}}]}]}"#, "contents[0].parts[0].functionCall.name"),
        (#"{"contents":[{"parts":[{"functionResponse":{}}]}]}"#, "contents[0].parts[0].functionResponse.name"),
        (with(#""systemInstruction":"s""#), "systemInstruction"), (with(#""generationConfig":[]"#), "generationConfig"),
        (with(#""generationConfig":{"candidateCount":9}"#), "generationConfig.candidateCount"),
        (with(#""generationConfig":{"candidateCount":"x"}"#), "generationConfig.candidateCount"),
        (with(#""generationConfig":{"maxOutputTokens":0}"#), "generationConfig.maxOutputTokens"),
        (with(#""generationConfig":{"temperature":2.5}"#), "generationConfig.temperature"),
        (with(#""generation_config":{"top_p":2}"#), "generation_config.top_p"),
        (with(#""generationConfig":{"stopSequences":["1","2","3","4","5","6"]}"#), "generationConfig.stopSequences"),
        (with(#""generationConfig":{"stopSequences":[1]}"#), "generationConfig.stopSequences[0]"),
        (with(#""generationConfig":{"seed":1.5}"#), "generationConfig.seed"),
        (with(#""generationConfig":{"responseMimeType":"image/png"}"#), "generationConfig.responseMimeType"),
        (with(#""generationConfig":{"responseSchema":"x"}"#), "generationConfig.responseSchema"),
        (
            with(#""generationConfig":{"thinkingConfig":{"includeThoughts":1}}"#),
            "generationConfig.thinkingConfig.includeThoughts"
        ),
        (with(#""tools":5"#), "tools"),
        (with(#""tools":[{"functionDeclarations":[{}]}]"#), "tools[0].functionDeclarations[0].name"),
        (with(#""toolConfig":{"functionCallingConfig":{"mode":"SOME"}}"#), "toolConfig.functionCallingConfig.mode"),
        (
            with(#""toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["h"]}}"#),
            "toolConfig.functionCallingConfig.allowedFunctionNames[0]"
        ),
    ])
    func `a request that cannot be read says where`(body: String, parameter: String?) {
        #expect {
            try Self.read(body)
        } throws: { error in
            guard let problem = error as? RequestProblem else { return false }
            return problem.status == 400 && problem.parameter == parameter && !problem.message.isEmpty
        }
    }

    @Test
    func `a count takes contents alone, or a whole request`() throws {
        let inner = #"{"contents":[{"parts":[{"text":"abc"}]}],"systemInstruction":{"parts":[{"text":"s"}]}}"#
        let alone = try GeminiRequest(countBody: Array(inner.utf8), model: "m").chat
        let whole = try GeminiRequest(countBody: Array(#"{"generateContentRequest":\#(inner)}"#.utf8), model: "m").chat
        #expect(alone == whole && whole.messages.count == 2 && !whole.isStreamed)
    }

    @Test
    func `the type of a stream is that of its form`() throws {
        #expect(try GeminiStory.request().streamType == "text/event-stream")
        #expect(try GeminiStory.request(isEventStream: false).streamType == "application/json")
        #expect(try GeminiStory.request().fields.isEmpty)
    }

    @Test
    func `no body breaks the decoder`() {
        var dice = Dice(seed: 1)
        let words = ["null", "[]", "{}", "\"x\"", "-1", "true", "1e99", "\u{0}", "}", "\"parts\":", "é"]
        let full = Array(Self.full.utf8)
        var accepted = 0
        for _ in 0..<8_000 {
            var body = full
            for _ in 0..<Int.random(in: 1...3, using: &dice) {
                let start = Int.random(in: 0..<body.count, using: &dice)
                let end = min(body.count, start + Int.random(in: 0...8, using: &dice))
                body.replaceSubrange(
                    start..<end,
                    with: Array(words[Int.random(in: 0..<words.count, using: &dice)].utf8)
                )
            }
            do throws(RequestProblem) {
                _ = try GeminiRequest(body: body, model: "m", isStreamed: true, isEventStream: true)
                accepted += 1
            } catch {
                #expect(error.status == 400)
            }
        }
        #expect(accepted > 10)
    }

    private static func read(_ body: String) throws -> GeminiRequest {
        try GeminiRequest(
            body: Array(body.utf8),
            model: "models/gemini-pro?rate=5",
            isStreamed: true,
            isEventStream: true
        )
    }

    private static func with(_ members: String) -> String {
        #"{"contents":[{"parts":[{"text":"a"}]}],\#(members)}"#
    }
}

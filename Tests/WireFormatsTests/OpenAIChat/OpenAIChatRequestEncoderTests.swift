// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing
import WireFormats

struct OpenAIChatRequestEncoderTests {
    private static func encoded(_ request: ChatRequest) -> String {
        String(decoding: OpenAIChatRequestEncoder.encode(request, model: "m").body, as: UTF8.self)
    }

    @Test
    func `a plain request has no member that it does not need`() {
        let request = ChatRequest(model: "x", messages: [ChatMessage(role: .user, content: "Hi")])
        let encoded = OpenAIChatRequestEncoder.encode(request, model: "m")
        #expect(encoded.path == "/chat/completions")
        #expect(encoded.losses.isEmpty)
        #expect(Self.encoded(request) == #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true}"#)
    }

    @Test
    func `what is encoded is decoded to the same request`() throws {
        let request = EncodableRequest.rich(format: .openAIChat)
        let encoded = OpenAIChatRequestEncoder.encode(request, model: "m")
        #expect(encoded.losses.isEmpty)
        #expect(try OpenAIChatRequest(body: encoded.body).chat == request)
    }

    @Test(arguments: [
        ("gpt-4o", false), ("deepseek-chat", false), ("gpt-oss-20b", false), ("openhermes", false), ("o", false),
        ("", false), ("o3-mini", true), ("gpt-5", true), ("gpt-5.2-mini", true), ("openai/o1", true), ("gpt-10", true),
    ])
    func `models that reason are told the limit by its newer name`(model: String, isNew: Bool) {
        var request = EncodableRequest.plain
        request.maximumTokens = 7
        let body = String(decoding: OpenAIChatRequestEncoder.encode(request, model: model).body, as: UTF8.self)
        #expect(body.contains(#""max_completion_tokens":7"#) == isNew)
        #expect(body.contains(#""max_tokens":7"#) == !isNew)
    }

    @Test(arguments: [
        #""max_completion_tokens":7"#, #""max_completion_tokens":7,"reasoning_effort":"none""#, #""max_tokens":7"#,
    ])
    func `a client's own name of the limit is kept`(members: String) throws {
        let body = #"{"model":"x","messages":[{"role":"user","content":"Hi"}],\#(members)}"#
        let request = try OpenAIChatRequest(body: Array(body.utf8)).chat
        #expect(Self.encoded(request).contains(members.split(separator: ",")[0]))
    }

    @Test
    func `a limit goes by its newer name where an effort is asked for`() {
        var request = EncodableRequest.plain
        request.maximumTokens = 7
        request.reasoning.effort = .low
        #expect(Self.encoded(request).contains(#""max_completion_tokens":7"#))
    }

    @Test(arguments: EncodableRequest.shapes)
    func `the shape of the answer survives`(shape: AnswerShape) throws {
        var request = EncodableRequest.plain
        request.shape = shape
        let encoded = OpenAIChatRequestEncoder.encode(request, model: "m")
        #expect(try OpenAIChatRequest(body: encoded.body).chat.shape == shape)
    }

    @Test(arguments: [ToolChoice.auto, .none, .required, .named("look")])
    func `the choice of a tool survives`(choice: ToolChoice) throws {
        var request = EncodableRequest.plain
        request.tools = [ToolDefinition(name: "look")]
        request.toolChoice = choice
        let decoded = try OpenAIChatRequest(body: OpenAIChatRequestEncoder.encode(request, model: "m").body).chat
        #expect(decoded.toolChoice == choice)
        #expect(decoded.tools == request.tools)
    }

    @Test(arguments: EncodableRequest.budgets)
    func `a budget of reasoning becomes an effort`(budget: Int, effort: ReasoningWish.Effort?) throws {
        var request = EncodableRequest.plain
        request.reasoning.budgetTokens = budget
        let encoded = OpenAIChatRequestEncoder.encode(request, model: "m")
        #expect(try OpenAIChatRequest(body: encoded.body).chat.reasoning == ReasoningWish(effort: effort))
        #expect(encoded.losses == (budget > 0 ? ["reasoning budget"] : []))
    }

    @Test
    func `all that has no place is named`() {
        var request = EncodableRequest.lossy
        request.stopSequences = ["1", "2", "3", "4", "5"]
        request.sampling.temperature = .infinity
        request.wantsReasoning = true
        let encoded = OpenAIChatRequestEncoder.encode(request, model: "m")
        let common = ["n", "logprobs", "top_k", "tool_choice", "reasoning of earlier turns", "is_error"]
        #expect(encoded.losses == common + ["attachments", "stop", "temperature", "reasoning"])
        #expect(Self.encoded(request).contains(#""stop":["1","2","3","4"]"#))
    }

    @Test(arguments: [
        (Attachment(kind: .image, source: "https://a.b/c.png"), #""url":"https://a.b/c.png""#),
        (Attachment(kind: .image, source: "/9j/AAAA"), #""url":"data:image/jpeg;base64,/9j/AAAA""#),
        (Attachment(kind: .image, mediaType: "image/webp", source: "AAAA"), #""url":"data:image/webp;base64,AAAA""#),
        (
            Attachment(kind: .audio, mediaType: "audio/mp3", source: "data:audio/mp3;base64,SUQz"),
            #""input_audio":{"data":"SUQz","format":"mp3"}"#
        ),
        (
            Attachment(kind: .file, mediaType: "application/pdf", source: "JVBE"),
            #""file":{"filename":"file.pdf","file_data":"data:application/pdf;base64,JVBE"}"#
        ),
    ])
    func `attachments are written as OpenAI takes them`(attachment: Conversation.Attachment, json: String) {
        let message = ChatMessage(role: .user, content: "", attachments: [attachment])
        let request = ChatRequest(model: "m", messages: [message], format: .gemini)
        #expect(Self.encoded(request).contains(json))
        #expect(OpenAIChatRequestEncoder.encode(request, model: "m").losses.isEmpty)
    }

    @Test(arguments: [
        Attachment(kind: .image, source: "gs://bucket/a.png"),
        Attachment(kind: .image, source: "file_011CN"),
        Attachment(kind: .audio, mediaType: "audio/ogg", source: "AAAA"),
        Attachment(kind: .audio, mediaType: "audio/wav", source: "https://a.b/c.wav"),
        Attachment(kind: .file, source: "https://a.b/c.pdf"),
    ])
    func `an attachment without a place is lost by name, and the message stays valid`(
        attachment: Conversation.Attachment
    ) throws {
        let message = ChatMessage(role: .user, content: "", attachments: [attachment])
        let request = ChatRequest(model: "m", messages: [message], format: .anthropicMessages)
        let encoded = OpenAIChatRequestEncoder.encode(request, model: "m")
        #expect(encoded.losses == ["attachments"])
        #expect(
            try OpenAIChatRequest(body: encoded.body).chat.messages == [ChatMessage(role: .user, content: "")]
        )
    }

    @Test
    func `a document of text becomes text`() throws {
        let document = Attachment(kind: .file, mediaType: "text/plain", source: "Once upon: a time")
        let message = ChatMessage(role: .user, content: "Sum up. ", attachments: [document])
        let request = ChatRequest(model: "m", messages: [message], format: .anthropicMessages)
        let encoded = OpenAIChatRequestEncoder.encode(request, model: "m")
        #expect(encoded.losses.isEmpty)
        #expect(try OpenAIChatRequest(body: encoded.body).chat.messages[0].content == "Sum up. Once upon: a time")
    }

    @Test
    func `calls without ids get some, and each result the one of its call`() throws {
        let calls = [("", "a"), ("call_1", "b"), ("", "a")].map { ToolCall(id: $0.0, name: $0.1, arguments: []) }
        let request = ChatRequest(
            model: "m",
            messages: [
                ChatMessage(role: .assistant, content: "", toolCalls: calls),
                ChatMessage(role: .tool, content: "b1", name: "b"),
                ChatMessage(role: .tool, content: "a1", name: "a"),
                ChatMessage(role: .tool, content: "a2"),
            ],
            format: .ollamaChat
        )
        let encoded = OpenAIChatRequestEncoder.encode(request, model: "m")
        let messages = try OpenAIChatRequest(body: encoded.body).chat.messages
        #expect(messages[0].toolCalls.map(\.id) == ["call_2", "call_1", "call_3"])
        #expect(messages.dropFirst().map(\.toolCallID) == ["call_1", "call_2", "call_3"])
        #expect(encoded.losses.isEmpty)
    }

    @Test
    func `a result without a call is written all the same`() {
        let request = ChatRequest(model: "m", messages: [ChatMessage(role: .tool, content: "x", name: "a")])
        #expect(Self.encoded(request).contains(#"{"role":"tool","content":"x","tool_call_id":"call_1"}"#))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing
import WireFormats

struct OpenAIResponsesRequestEncoderTests {
    private static func encoded(_ request: ChatRequest) -> String {
        String(decoding: OpenAIResponsesRequestEncoder.encode(request, model: "m").body, as: UTF8.self)
    }

    private static func decoded(_ request: ChatRequest) throws -> ChatRequest {
        try OpenAIResponsesRequest(body: OpenAIResponsesRequestEncoder.encode(request, model: "m").body).chat
    }

    @Test
    func `a plain request is streamed and not kept`() {
        let encoded = OpenAIResponsesRequestEncoder.encode(EncodableRequest.plain, model: "m")
        #expect(encoded.path == "/responses")
        #expect(encoded.losses.isEmpty)
        #expect(
            String(decoding: encoded.body, as: UTF8.self)
                == #"{"model":"m","input":[{"type":"message","role":"user","content":"Hi"}],"stream":true,"store":false}"#
        )
    }

    @Test
    func `what is encoded is decoded to the same request`() throws {
        let request = EncodableRequest.rich(format: .openAIResponses)
        let encoded = OpenAIResponsesRequestEncoder.encode(request, model: "m")
        #expect(encoded.losses.isEmpty)
        let decoded = try OpenAIResponsesRequest(body: encoded.body)
        #expect(decoded.chat == request)
        #expect(!decoded.isStored)
    }

    @Test(arguments: EncodableRequest.shapes)
    func `the shape of the answer survives`(shape: AnswerShape) throws {
        var request = EncodableRequest.plain
        request.shape = shape
        #expect(try Self.decoded(request).shape == shape)
    }

    @Test(arguments: [ToolChoice.auto, .none, .required, .named("look")])
    func `the choice of a tool survives, and no tool is strict`(choice: ToolChoice) throws {
        var request = EncodableRequest.plain
        request.tools = [ToolDefinition(name: "look")]
        request.toolChoice = choice
        #expect(try Self.decoded(request).toolChoice == choice)
        #expect(Self.encoded(request).contains(#"{"type":"function","name":"look","parameters":null,"strict":false}"#))
    }

    @Test(arguments: EncodableRequest.budgets)
    func `a budget of reasoning becomes an effort`(budget: Int, effort: ReasoningWish.Effort?) throws {
        var request = EncodableRequest.plain
        request.reasoning.budgetTokens = budget
        #expect(try Self.decoded(request).reasoning == ReasoningWish(effort: effort))
        let losses = OpenAIResponsesRequestEncoder.encode(request, model: "m").losses
        #expect(losses == (budget > 0 ? ["reasoning budget"] : []))
    }

    @Test
    func `a summary is asked for where reasoning is to be shown`() {
        var request = EncodableRequest.plain
        request.wantsReasoning = true
        #expect(Self.encoded(request).contains(#""reasoning":{"summary":"auto"}"#))
        request.wantsReasoning = false
        request.reasoning.effort = .low
        #expect(Self.encoded(request).contains(#""reasoning":{"effort":"low"}"#))
    }

    @Test
    func `all that has no place is named`() throws {
        var request = EncodableRequest.lossy
        request.messages[0].name = "ana"
        request.maximumTokens = 5
        request.stopSequences = ["1"]
        request.seed = 1
        request.sampling.frequencyPenalty = 0
        request.sampling.presencePenalty = 0
        request.sampling.topP = .nan
        let common = ["n", "logprobs", "top_k", "tool_choice", "reasoning of earlier turns", "is_error"]
        let own = [
            "name", "attachments", "max_tokens", "top_p", "stop", "seed", "frequency_penalty", "presence_penalty",
        ]
        #expect(OpenAIResponsesRequestEncoder.encode(request, model: "m").losses == common + own)
        #expect(try Self.decoded(request).maximumTokens == 16)
    }

    @Test(arguments: [ChatMessage.Role.system, .developer])
    func `the first message is the instructions where others follow`(role: ChatMessage.Role) {
        var request = EncodableRequest.plain
        request.messages = [ChatMessage(role: role, content: "Be brief.")]
        let item = #""input":[{"type":"message","role":"\#(role)","content":"Be brief."}]"#
        #expect(Self.encoded(request).contains(item))
        request.messages.append(ChatMessage(role: .user, content: "Hi"))
        #expect(Self.encoded(request).contains(#""instructions":"Be brief.","input":[{"type":"message","role":"user""#))
    }

    @Test(arguments: [
        Attachment(kind: .image, source: "file-8a"),
        Attachment(kind: .file, source: "https://example.com/a.pdf"),
    ])
    func `addresses and ids have a place that chat completions lack`(attachment: Conversation.Attachment) throws {
        let message = ChatMessage(role: .user, content: "", attachments: [attachment])
        let request = ChatRequest(model: "m", messages: [message], format: .openAIResponses)
        #expect(try Self.decoded(request).messages == [message])
        #expect(OpenAIResponsesRequestEncoder.encode(request, model: "m").losses.isEmpty)
        #expect(OpenAIChatRequestEncoder.encode(request, model: "m").losses == ["attachments"])
    }

    @Test
    func `a result keeps its images`() throws {
        let image = Attachment(kind: .image, mediaType: "image/png", source: "data:image/png;base64,AAAA")
        var request = EncodableRequest.plain
        request.messages += [
            ChatMessage(role: .assistant, content: "", toolCalls: [ToolCall(id: "c", name: "draw", arguments: [])]),
            ChatMessage(role: .tool, content: "Done", attachments: [image], toolCallID: "c", name: "draw"),
        ]
        #expect(try Self.decoded(request).messages == request.messages)
        #expect(OpenAIResponsesRequestEncoder.encode(request, model: "m").losses.isEmpty)
        #expect(OpenAIChatRequestEncoder.encode(request, model: "m").losses == ["attachments"])
    }

    @Test
    func `sampling and effort are read`() throws {
        let chat = try OpenAIResponsesTranscript.request(
            #""input":"Hi","temperature":0.5,"top_p":1,"presence_penalty":-2,"reasoning":{"effort":"minimal"}"#
        ).chat
        #expect(chat.sampling.temperature == 0.5 && chat.sampling.topP == 1 && chat.sampling.presencePenalty == -2)
        #expect(chat.sampling.frequencyPenalty == nil)
        #expect(chat.reasoning == ReasoningWish(effort: .minimal))
    }
}

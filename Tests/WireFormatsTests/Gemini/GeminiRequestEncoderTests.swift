// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing
import WireFormats

struct GeminiRequestEncoderTests {
    private static func decoded(_ request: EncodedRequest) throws -> ChatRequest {
        try GeminiRequest(body: request.body, model: "gem", isStreamed: true, isEventStream: true).chat
    }

    @Test
    func `what is written is read back as it was`() throws {
        var chat = try ChatRequest.rich(.gemini)
        chat.messages[2].reasoning = "hm"
        chat.messages[2].reasoningSignature = "eA=="
        chat.messages[3].isError = true
        chat.messages[4].reasoningSignature = "eQ=="
        chat.messages[1].attachments.append(.init(kind: .file, mediaType: "application/pdf", source: "gs://b/c"))
        chat.toolChoice = .named("tide")
        chat.seed = 7
        chat.sampling.frequencyPenalty = -0.5
        chat.sampling.presencePenalty = 1
        chat.wantsReasoning = true
        chat.reasoning.budgetTokens = 2000
        if let schema = chat.tools[0].parameters { chat.shape = .jsonSchema(schema) }
        let request = GeminiRequestEncoder.encode(chat, model: "gem")
        chat.model = "gem"
        #expect(try Self.decoded(request) == chat)
        #expect(request.losses.isEmpty)
    }

    @Test(arguments: [
        ("gem-2.5", "/models/gem-2.5"), ("models/g", "/models/g"), ("tunedModels/t", "/tunedModels/t"),
        ("a?b#c:d é", "/models/a%3Fb%23c%3Ad%20%C3%A9"),
    ])
    func `the model is in the path`(model: String, path: String) throws {
        let request = GeminiRequestEncoder.encode(try .rich(.openAIChat), model: model)
        #expect(request.path == path + ":streamGenerateContent?alt=sse")
    }

    @Test
    func `what has no place is named`() throws {
        var chat = try ChatRequest.rich(.openAIChat)
        chat.choices = 2
        chat.topLogprobs = 3
        chat.allowsParallelToolCalls = false
        chat.stopSequences = ["1", "2", "3", "4", "5", "6"]
        chat.messages[1].attachments = [.init(kind: .file, source: "file-1")]
        chat.messages[1].name = "Ann"
        chat.messages[2].reasoningSignature = "another maker's"
        chat.messages[2].toolCalls[0].arguments = Array("{".utf8)
        let request = GeminiRequestEncoder.encode(chat, model: "gem")
        let expected: Set = [
            "n", "logprobs", "parallel_tool_calls", "stop", "attachments", "name", "reasoning signature", "arguments",
        ]
        #expect(Set(request.losses) == expected && request.losses.count == expected.count)
        let read = try Self.decoded(request)
        #expect(read.stopSequences.count == 5)
        #expect(read.messages[2].reasoningSignature == nil)
    }

    @Test
    func `results of calls made at once come in one content, with the names of the calls`() throws {
        var chat = try ChatRequest.rich(.openAIChat)
        chat.messages[2].toolCalls.append(ToolCall(id: "t2", name: "moon", arguments: []))
        chat.messages[3].name = nil
        chat.messages.insert(.init(role: .tool, content: "full", toolCallID: "t2"), at: 4)
        let request = GeminiRequestEncoder.encode(chat, model: "gem")
        #expect(try Self.decoded(request).messages[3...4].map(\.name) == ["tide", "moon"])
        let contents = try JSONReader.read(request.body)["contents"]?.array
        #expect(contents?[2]["parts"]?.array?.count == 2)
    }

    @Test(arguments: [
        (ReasoningWish(effort: ReasoningWish.Effort.none), 0), (ReasoningWish(effort: .high), 16_384),
        (ReasoningWish(budgetTokens: -1), -1), (ReasoningWish(budgetTokens: 0), 0),
    ])
    func `an effort is a budget`(wish: ReasoningWish, budget: Int) throws {
        var chat = try ChatRequest.rich(.openAIChat)
        chat.reasoning = wish
        #expect(try Self.decoded(GeminiRequestEncoder.encode(chat, model: "gem")).reasoning.budgetTokens == budget)
    }
}

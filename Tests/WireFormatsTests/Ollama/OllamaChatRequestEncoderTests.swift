// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing
import WireFormats

struct OllamaChatRequestEncoderTests {
    private static func decoded(_ request: EncodedRequest) throws -> ChatRequest {
        try OllamaChatRequest(body: request.body).chat
    }

    @Test
    func `what is written is read back as it was`() throws {
        var chat = try ChatRequest.rich(.ollamaChat)
        chat.messages[1].attachments = [.init(kind: .image, source: "iVBO")]
        chat.messages[2].reasoning = "hm"
        chat.seed = 7
        chat.sampling.frequencyPenalty = -0.5
        chat.sampling.presencePenalty = 1
        chat.wantsReasoning = true
        chat.reasoning.effort = .high
        if let schema = chat.tools[0].parameters { chat.shape = .jsonSchema(schema) }
        let request = OllamaChatRequestEncoder.encode(chat, model: "llama")
        chat.model = "llama"
        #expect(try Self.decoded(request) == chat)
        #expect(request.path == "/api/chat" && request.losses.isEmpty)
    }

    @Test
    func `what has no place is named`() throws {
        var chat = try ChatRequest.rich(.openAIChat)
        chat.choices = 2
        chat.topLogprobs = 3
        chat.allowsParallelToolCalls = false
        chat.toolChoice = .required
        chat.reasoning.budgetTokens = 500
        chat.messages[1].attachments = [.init(kind: .image, source: "https://x/a.png")]
        chat.messages[1].name = "Ann"
        chat.messages[2].reasoningSignature = "s"
        chat.messages[2].toolCalls[0].arguments = Array("{".utf8)
        chat.messages[3].isError = true
        let request = OllamaChatRequestEncoder.encode(chat, model: "llama")
        let expected: Set = [
            "n", "logprobs", "parallel_tool_calls", "tool_choice", "reasoning budget", "attachments", "name",
            "reasoning signature", "arguments", "is_error",
        ]
        #expect(Set(request.losses) == expected && request.losses.count == expected.count)
        #expect(try Self.decoded(request).wantsReasoning)
    }

    @Test
    func `data URLs become base64, developers the system, and results tell their tool`() throws {
        var chat = try ChatRequest.rich(.openAIChat)
        chat.messages[0].role = .developer
        chat.messages[1].attachments[0].source = "data:image/png;base64,iVBO"
        chat.messages[3].name = nil
        chat.toolChoice = .none
        chat.shape = .jsonObject
        let request = OllamaChatRequestEncoder.encode(chat, model: "llama")
        let read = try Self.decoded(request)
        #expect(read.messages[0].role == .system)
        #expect(read.messages[1].attachments == [.init(kind: .image, source: "iVBO")])
        #expect(read.messages[3].name == "tide")
        #expect(read.tools.isEmpty && read.shape == .jsonObject && request.losses == ["tool_choice"])
    }
}

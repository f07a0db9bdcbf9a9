// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Testing
import WireFormats

struct AnthropicMessagesRequestEncoderTests {
    private static func decoded(_ request: EncodedRequest) throws -> ChatRequest {
        try AnthropicMessagesRequest(body: request.body, version: "2023-06-01").chat
    }

    private static func encode(_ change: (inout ChatRequest) throws -> Void) throws -> (EncodedRequest, ChatRequest) {
        var chat = try ChatRequest.rich(.anthropicMessages)
        try change(&chat)
        let request = AnthropicMessagesRequestEncoder.encode(chat, model: "claude")
        return (request, try decoded(request))
    }

    @Test
    func `what is written is read back as it was`() throws {
        var chat = try ChatRequest.rich(.anthropicMessages)
        chat.messages[2].reasoning = "hm"
        chat.messages[2].reasoningSignature = "Er"
        chat.messages[3].isError = true
        chat.toolChoice = .named("tide")
        chat.allowsParallelToolCalls = false
        let request = AnthropicMessagesRequestEncoder.encode(chat, model: "claude")
        chat.model = "claude"
        #expect(try Self.decoded(request) == chat)
        #expect(request.path == "/messages")
        #expect(request.losses.isEmpty)
    }

    @Test
    func `what has no place is named`() throws {
        let (request, read) = try Self.encode { chat in
            chat.choices = 2
            chat.topLogprobs = 0
            chat.seed = 1
            chat.shape = .jsonObject
            chat.sampling.temperature = 1.5
            chat.sampling.frequencyPenalty = 1
            chat.sampling.presencePenalty = 1
            chat.messages[1].attachments = [.init(kind: .audio, mediaType: "audio/wav", source: "AAAA")]
            chat.messages[1].name = "Ann"
            chat.messages[2].reasoning = "unsigned"
            chat.messages[2].toolCalls[0].arguments = Array("{".utf8)
        }
        let expected: Set = [
            "n", "logprobs", "seed", "response_format", "temperature", "frequency_penalty", "presence_penalty",
            "attachments", "name", "reasoning of earlier turns", "arguments",
        ]
        #expect(Set(request.losses) == expected && request.losses.count == expected.count)
        #expect(read.sampling.temperature == 1)
        #expect(read.messages[2].toolCalls.first?.arguments == Array("{}".utf8))
    }

    @Test(arguments: [
        (#"{"type":"string"}"#, #"{"type":"string"}"#),
        (#"{"type":"object"}"#, #"{"type":"object","additionalProperties":false}"#),
        (#"{"type":"object","additionalProperties":true}"#, #"{"type":"object","additionalProperties":true}"#),
        (
            #"{"properties":{"type":{"type":["null","object"]}},"enum":[{"type":"object"}]}"#,
            #"{"properties":{"type":{"type":["null","object"],"additionalProperties":false}},"enum":[{"type":"object"}]}"#
        ),
        (
            #"{"anyOf":[{"items":{"type":"object"}}],"$defs":{"a":{"type":"object"}}}"#,
            #"""
            {"anyOf":[{"items":{"type":"object","additionalProperties":false}}],\#
            "$defs":{"a":{"type":"object","additionalProperties":false}}}
            """#
        ),
    ])
    func `a schema of the answer is passed on, with its objects closed`(schema: String, closed: String) throws {
        let (request, read) = try Self.encode { $0.shape = .jsonSchema(try JSONReader.read(Array(schema.utf8))) }
        #expect(request.losses.isEmpty)
        #expect(read.shape == .jsonSchema(try JSONReader.read(Array(closed.utf8))))
    }

    @Test(arguments: [
        (ReasoningWish(), 4096), (ReasoningWish(effort: .low), 1024), (ReasoningWish(effort: .high), 16_384),
        (ReasoningWish(budgetTokens: 2000), 2000), (ReasoningWish(budgetTokens: 7), 1024),
    ])
    func `a model that is to think may think and answer, at its own temperature`(
        wish: ReasoningWish,
        budget: Int
    ) throws {
        let (request, read) = try Self.encode { chat in
            chat.reasoning = wish
            chat.wantsReasoning = true
        }
        #expect(read.wantsReasoning && read.reasoning.budgetTokens == budget)
        #expect(read.maximumTokens == budget + 300)
        #expect(read.sampling == Sampling())
        #expect(Set(request.losses).isSuperset(of: ["max_tokens", "temperature", "top_p", "top_k"]))
    }

    @Test
    func `thinking that the API would refuse is not asked for, and named`() throws {
        let (forced, readForced) = try Self.encode { chat in
            chat.wantsReasoning = true
            chat.toolChoice = .required
        }
        #expect(forced.losses == ["reasoning"] && !readForced.wantsReasoning)
        let (midst, readMidst) = try Self.encode { chat in
            chat.reasoning.effort = .medium
            chat.messages.removeLast(2)
        }
        #expect(midst.losses == ["reasoning"] && !readMidst.wantsReasoning)
    }

    @Test
    func `neighbours of one role become one message, and all system texts one`() throws {
        let (request, read) = try Self.encode { chat in
            chat.messages = [
                .init(role: .user, content: "a"), .init(role: .developer, content: "x"),
                .init(role: .user, content: "b"), .init(role: .system, content: "y"),
            ]
            chat.maximumTokens = nil
        }
        #expect(read.messages == [.init(role: .system, content: "x\n\ny"), .init(role: .user, content: "ab")])
        #expect(read.maximumTokens == 4096)
        #expect(try JSONReader.read(request.body)["messages"]?.array?.count == 1)
    }

    @Test
    func `attachments keep their addresses and data`() throws {
        let (request, read) = try Self.encode { chat in
            chat.format = .openAIChat
            chat.messages[1].attachments = [
                .init(kind: .image, mediaType: "image/jpeg", source: "data:image/jpeg;base64,/9j/"),
                .init(kind: .image, source: "https://x/a.png"),
                .init(kind: .file, mediaType: "application/pdf", source: "JVBE"),
            ]
        }
        let expected: [Conversation.Attachment] = [
            .init(kind: .image, mediaType: "image/jpeg", source: "/9j/"),
            .init(kind: .image, source: "https://x/a.png"),
            .init(kind: .file, mediaType: "application/pdf", source: "JVBE"),
        ]
        #expect(read.messages[1].attachments == expected && request.losses.isEmpty)
    }
}

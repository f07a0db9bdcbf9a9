// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import TestSupport
import Testing
import WireFormats

/// What a request says is written, or named: never lost in silence.
struct OpenAIRequestLossTests {
    private typealias Change = @Sendable (inout ChatRequest) -> Void

    private static let encoders: [@Sendable (ChatRequest) -> EncodedRequest] = [
        { OpenAIChatRequestEncoder.encode($0, model: "m") }, { OpenAIResponsesRequestEncoder.encode($0, model: "m") },
    ]

    /// One for each thing that a request may say.
    private static let changes: [Change] = answers + samplings + messages + sources.flatMap(attachments)

    private static let answers: [Change] = [
        { $0.choices = 2 },
        { $0.maximumTokens = 1 },
        { $0.maximumTokens = 100 },
        { $0.stopSequences = ["a"] },
        { $0.seed = 0 },
        { $0.tools = [ToolDefinition(name: "b")] },
        { $0.toolChoice = .required },
        { $0.toolChoice = .named("a") },
        { $0.shape = .jsonObject },
        { $0.shape = .jsonSchema(.object([])) },
        { $0.topLogprobs = 0 },
    ]

    private static let samplings: [Change] = [
        { $0.wantsReasoning = true },
        { $0.reasoning.effort = ReasoningWish.Effort.none },
        { $0.reasoning.effort = .max },
        { $0.reasoning.budgetTokens = 0 },
        { $0.reasoning.budgetTokens = 9 },
        { $0.sampling.temperature = 0 },
        { $0.sampling.topP = 1 },
        { $0.sampling.topK = 1 },
        { $0.sampling.frequencyPenalty = 0 },
        { $0.sampling.presencePenalty = .nan },
    ]

    private static let messages: [Change] = [
        { $0.messages[0].name = "ana" },
        { $0.messages[0].content = "Hello" },
        { $0.messages[0].role = .developer },
        { $0.messages[0].reasoning = "Hm." },
        { $0.messages[0].reasoningSignature = "x" },
        { $0.messages[0].toolCalls = [ToolCall(id: "", name: "a", arguments: [])] },
        { $0.messages[0].isError = true },
    ]

    private static let sources = [
        "https://a.b/c", "gs://a/b", "data:audio/wav;base64,AAAA", "AAAA", "file-1", "file_1", "",
    ]

    /// Attachments of each kind.
    private static func attachments(source: String) -> [Change] {
        let kinds: [Conversation.Attachment.Kind] = [.image, .audio, .file]
        return kinds.map { kind in
            { $0.messages[0].attachments.append(Attachment(kind: kind, source: source)) }
        }
    }

    @Test(arguments: encoders.indices, changes.indices)
    func `each thing that is said changes what is written, or is named`(encoder: Int, change: Int) {
        let encode = Self.encoders[encoder]
        var request = EncodableRequest.plain
        request.format = .openAIResponses
        let plain = encode(request)
        Self.changes[change](&request)
        let changed = encode(request)
        #expect(changed.body != plain.body || changed.losses != plain.losses)
    }

    @Test(arguments: encoders.indices)
    func `whatever is said together, the body is JSON`(encoder: Int) throws {
        var dice = Dice(seed: UInt64(encoder))
        for _ in 0..<300 {
            var request = EncodableRequest.rich(format: WireFormat.allCases.randomElement(using: &dice) ?? .gemini)
            request.messages.shuffle(using: &dice)
            for _ in 0..<8 { Self.changes.randomElement(using: &dice)?(&request) }
            let encoded = Self.encoders[encoder](request)
            let body = try JSONReader.read(encoded.body)
            #expect(body["model"]?.text == "m")
            #expect(Set(encoded.losses).count == encoded.losses.count)
        }
    }
}

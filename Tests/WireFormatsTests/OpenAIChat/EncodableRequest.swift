// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON

/// Requests that the encoders of OpenAI's formats write.
enum EncodableRequest {
    static let plain = ChatRequest(model: "x", messages: [ChatMessage(role: .user, content: "Hi")])

    static let shapes: [AnswerShape] = [
        .text, .jsonObject,
        .jsonSchema(.object([JSONValue.Member(name: "type", value: .string(Array("object".utf8)))])),
    ]

    /// Tokens, and the effort that they become.
    static let budgets: [(Int, ReasoningWish.Effort?)] = [
        (-1, nil), (0, ReasoningWish.Effort.none), (1, .low), (2047, .low), (2048, .medium), (8191, .medium),
        (8192, .high), (.max, .high),
    ]

    /// Says all that either format has a place for.
    static func rich(format: WireFormat) -> ChatRequest {
        let image = Attachment(kind: .image, source: "https://example.com/a.png")
        let drawing = Attachment(kind: .image, mediaType: "image/png", source: "data:image/png;base64,AAAA")
        let upload = Attachment(kind: .file, source: "file-8a")
        let paper = Attachment(kind: .file, mediaType: "application/pdf", source: "data:application/pdf;base64,JVBE")
        let calls = ["call_1", "call_2"].map { id in
            ToolCall(id: id, name: "look", arguments: Array(#"{"a":"é\n"}"#.utf8))
        }
        var request = ChatRequest(
            model: "m",
            messages: [
                ChatMessage(role: .system, content: "Be \"brief\"."),
                ChatMessage(role: .developer, content: "Be kind."),
                ChatMessage(role: .user, content: "Look", attachments: [image, drawing, upload, paper]),
                ChatMessage(role: .assistant, content: "Looking.", toolCalls: calls),
                ChatMessage(role: .tool, content: "a cat", toolCallID: "call_2"),
                ChatMessage(role: .tool, content: "", toolCallID: "call_1"),
                ChatMessage(role: .assistant, content: "", toolCalls: [ToolCall(id: "c", name: "nap", arguments: [])]),
                ChatMessage(role: .tool, content: "zzz", toolCallID: "c"),
                ChatMessage(role: .assistant, content: "A cat."),
                ChatMessage(role: .system, content: "Now in French."),
                ChatMessage(role: .user, content: "Encore"),
            ],
            format: format,
            wantsUsage: true
        )
        request.maximumTokens = 99
        request.tools = [
            ToolDefinition(name: "look", description: "Looks", parameters: .object([])), ToolDefinition(name: "nap"),
        ]
        request.toolChoice = .named("look")
        request.allowsParallelToolCalls = false
        request.shape = .jsonObject
        request.wantsReasoning = true
        request.reasoning.effort = .xhigh
        request.sampling.temperature = 0.7
        request.sampling.topP = 1
        guard format == .openAIChat else { return named(request) }
        request.usesCompletionLimit = true
        request.stopSequences = ["END", "\n"]
        request.seed = .max
        request.sampling.frequencyPenalty = -1.5
        request.sampling.presencePenalty = 2
        request.messages[2].name = "ana"
        request.messages[2].attachments.append(Attachment(kind: .audio, mediaType: "audio/mpeg", source: "SUQz"))
        return request
    }

    /// With the tools' names at their results, as the decoder of Responses gives them.
    private static func named(_ request: ChatRequest) -> ChatRequest {
        var request = request
        for (index, name) in [(4, "look"), (5, "look"), (7, "nap")] { request.messages[index].name = name }
        return request
    }

    /// Says what neither format has a place for, but for a budget of reasoning.
    static var lossy: ChatRequest {
        let sound = Attachment(kind: .audio, mediaType: "audio/ogg", source: "AAAA")
        var request = ChatRequest(
            model: "x",
            messages: [
                ChatMessage(role: .user, content: "Hi", attachments: [sound, sound]),
                ChatMessage(
                    role: .assistant,
                    content: "",
                    toolCalls: [ToolCall(id: "c", name: "look", arguments: Array("{}".utf8))]
                ),
                ChatMessage(role: .tool, content: "no", toolCallID: "c"),
            ]
        )
        request.messages[1].reasoning = "Hm."
        request.messages[2].isError = true
        request.choices = 2
        request.topLogprobs = 0
        request.sampling.topK = 40
        request.toolChoice = .required
        return request
    }
}

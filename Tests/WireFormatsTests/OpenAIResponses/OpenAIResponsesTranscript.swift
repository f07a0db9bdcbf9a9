// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import WireFormats

/// Streams and bodies of an answer that is always the same.
enum OpenAIResponsesTranscript {
    static let identity = AnswerIdentity(model: "tern-1", seed: 7, created: 1_760_000_000_250_000_000, inputTokens: 12)
    static let usage = Usage(inputTokens: 12, outputTokens: 9, reasoningTokens: 3, cachedTokens: 4)
    static let weatherTool =
        #"{"type":"function","name":"tide","description":"Tide tables","parameters":{"type":"object"}}"#

    /// A request of the members given, and a model.
    static func request(_ members: String = #""input":"Hi""#) throws(RequestProblem) -> OpenAIResponsesRequest {
        try OpenAIResponsesRequest(body: Array("{\"model\":\"tern-1\",\(members)}".utf8))
    }

    /// The stream of what a model says; token counts come at the end, wherever `events` has them.
    static func stream(
        _ events: [ChatEvent],
        of request: OpenAIResponsesRequest,
        startingAfter: Int? = nil,
        sendsDone: Bool = true
    ) -> FrameBuffer {
        var renderer = OpenAIResponsesRenderer(
            request,
            for: identity,
            startingAfter: startingAfter,
            sendsDone: sendsDone
        )
        renderer.completedSeconds = 1_760_000_002
        var frames = FrameBuffer(recordsFrames: true)
        renderer.begin(into: &frames)
        for event in events {
            switch event {
            case .text(let unit): renderer.append(unit.span, as: .text, choice: 0, into: &frames)
            case .reasoning(let unit): renderer.append(unit.span, as: .reasoning, choice: 0, into: &frames)
            case .refusal(let unit): renderer.append(unit.span, as: .refusal, choice: 0, into: &frames)
            case .toolCall(let piece):
                if let name = piece.name {
                    let call = ToolCall(id: piece.id ?? "", name: name, arguments: [])
                    renderer.beginToolCall(call, choice: 0, into: &frames)
                }
                if !piece.arguments.isEmpty {
                    renderer.append(piece.arguments.span, as: .toolArguments, choice: 0, into: &frames)
                }
            case .usage: break
            case .end(let reason):
                renderer.end(reason, choice: 0, into: &frames)
                renderer.finish(usage, into: &frames)
            case .fault(let fault): renderer.fail(fault, into: &frames)
            }
        }
        return frames
    }

    /// A file of `Golden/openai-responses`.
    static func golden(_ name: String, folder: String = #filePath) -> GoldenFile {
        // This file's folder, without the slash, counts as a test in the folder above.
        let parent = folder.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return GoldenFile("openai-responses/\(name)", test: parent)
    }

    static func text(_ text: String) -> ChatEvent { .text(Array(text.utf8)) }
    static func reasoning(_ text: String) -> ChatEvent { .reasoning(Array(text.utf8)) }
    static func refusal(_ text: String) -> ChatEvent { .refusal(Array(text.utf8)) }

    static func call(_ index: Int, id: String = "call_tide", name: String = "tide") -> ChatEvent {
        .toolCall(ToolCallDelta(index: index, id: id, name: name, arguments: []))
    }

    static func arguments(_ index: Int, _ json: String) -> ChatEvent {
        .toolCall(ToolCallDelta(index: index, id: nil, name: nil, arguments: Array(json.utf8)))
    }

    /// An answer of one choice.
    static func answer(_ fill: (inout WholeAnswer.Choice) -> Void) -> WholeAnswer {
        var choice = WholeAnswer.Choice()
        fill(&choice)
        return WholeAnswer(choices: [choice], usage: usage)
    }
}

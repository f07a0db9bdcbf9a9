// SPDX-License-Identifier: Apache-2.0

import Conversation
import WireFormats

/// What a model says, as a renderer is told it.
enum GeminiStory {
    enum Step {
        case unit(String, AnswerPiece = .text, choice: Int = 0)
        case call(String, id: String = "", choice: Int = 0)
        case end(FinishReason, choice: Int = 0)
        case finish(Usage)
        case fail(ChatFault)
        case heartbeat
    }

    static let identity = AnswerIdentity(model: "gemini-pro", seed: 7, created: 0, inputTokens: 9)

    static func request(candidates: Int = 1, isEventStream: Bool = true) throws -> GeminiRequest {
        let text = #"""
            {"contents":[{"parts":[{"text":"hi"}]}],"generationConfig":{"candidateCount":\#(candidates)}}
            """#
        return try GeminiRequest(
            body: Array(text.utf8),
            model: "gemini-pro",
            isStreamed: true,
            isEventStream: isEventStream
        )
    }

    static func render(_ steps: [Step], candidates: Int = 1, isEventStream: Bool = true) throws -> FrameBuffer {
        let request = try request(candidates: candidates, isEventStream: isEventStream)
        var renderer = request.renderer(for: identity)
        var frames = FrameBuffer(recordsFrames: true)
        renderer.begin(into: &frames)
        for step in steps {
            switch step {
            case .unit(let text, let piece, let choice):
                renderer.append(Array(text.utf8).span, as: piece, choice: choice, into: &frames)
            case .call(let name, let id, let choice):
                renderer.beginToolCall(ToolCall(id: id, name: name, arguments: []), choice: choice, into: &frames)
            case .end(let reason, let choice): renderer.end(reason, choice: choice, into: &frames)
            case .finish(let usage): renderer.finish(usage, into: &frames)
            case .fail(let fault): renderer.fail(fault, into: &frames)
            case .heartbeat: renderer.heartbeat(into: &frames)
            }
        }
        return frames
    }
}

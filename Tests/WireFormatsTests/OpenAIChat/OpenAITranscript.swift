// SPDX-License-Identifier: Apache-2.0

import Conversation
import WireFormats

/// An answer, told step by step to the renderer of a request.
struct OpenAITranscript {
    static let identity = AnswerIdentity(
        model: "typebar-1",
        seed: 7,
        created: 1_790_000_000_000_000_000,
        inputTokens: 11
    )
    static let usage = Usage(inputTokens: 11, outputTokens: 4)

    private var renderer: any AnswerRenderer
    private(set) var frames = FrameBuffer(recordsFrames: true)

    init(_ request: any WireRequest) {
        renderer = request.renderer(for: Self.identity)
        renderer.begin(into: &frames)
    }

    var bytes: [UInt8] { frames.bytes }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func say(_ units: String..., as piece: AnswerPiece = .text, choice: Int = 0) {
        for unit in units { renderer.append(Array(unit.utf8).span, as: piece, choice: choice, into: &frames) }
    }

    mutating func call(_ name: String, id: String, _ arguments: String..., choice: Int = 0) {
        renderer.beginToolCall(ToolCall(id: id, name: name, arguments: []), choice: choice, into: &frames)
        for unit in arguments {
            renderer.append(Array(unit.utf8).span, as: .toolArguments, choice: choice, into: &frames)
        }
    }

    mutating func end(_ reason: FinishReason = .stop, choice: Int = 0) {
        renderer.end(reason, choice: choice, into: &frames)
    }

    mutating func finish(_ usage: Usage = OpenAITranscript.usage) {
        renderer.finish(usage, into: &frames)
    }

    mutating func fail(_ fault: ChatFault) {
        renderer.fail(fault, into: &frames)
    }

    mutating func pause() {
        renderer.heartbeat(into: &frames)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Conversation
import WireFormats

/// What a model says, on its way through a renderer or out of a parser.
enum PlayedAnswer {
    static let identity = AnswerIdentity(
        model: "mock-llama",
        seed: 7,
        created: 1_790_000_000_123_456_789,
        inputTokens: 11
    )
    static let usage = Usage(inputTokens: 11, outputTokens: 4)

    static func text(_ text: String) -> ChatEvent { .text(Array(text.utf8)) }

    static func reasoning(_ text: String) -> ChatEvent { .reasoning(Array(text.utf8)) }

    /// The first piece of a call, with all of its arguments where they are not cut.
    static func call(_ name: String, id: String = "", index: Int = 0, _ arguments: String = "") -> ChatEvent {
        .toolCall(ToolCallDelta(index: index, id: id, name: name, arguments: Array(arguments.utf8)))
    }

    static func more(_ arguments: String, index: Int = 0) -> ChatEvent {
        .toolCall(ToolCallDelta(index: index, id: nil, name: nil, arguments: Array(arguments.utf8)))
    }

    static func fault(_ event: ChatEvent?) -> ChatFault? {
        if case .fault(let fault) = event { fault } else { nil }
    }

    /// The stream of `request` that says `events`; counts come last, as renderers want it.
    /// - Parameter pauses: A heartbeat comes before each event.
    static func frames(
        _ events: [ChatEvent],
        to request: any WireRequest,
        pauses: Bool = false
    ) -> FrameBuffer {
        var frames = FrameBuffer(recordsFrames: true)
        var renderer = request.renderer(for: identity)
        renderer.begin(into: &frames)
        for event in events {
            if pauses { renderer.heartbeat(into: &frames) }
            switch event {
            case .text(let bytes): renderer.append(bytes.span, as: .text, choice: 0, into: &frames)
            case .reasoning(let bytes): renderer.append(bytes.span, as: .reasoning, choice: 0, into: &frames)
            case .refusal(let bytes): renderer.append(bytes.span, as: .refusal, choice: 0, into: &frames)
            case .toolCall(let delta):
                if let name = delta.name {
                    let call = ToolCall(id: delta.id ?? "", name: name, arguments: [])
                    renderer.beginToolCall(call, choice: 0, into: &frames)
                }
                if !delta.arguments.isEmpty {
                    renderer.append(delta.arguments.span, as: .toolArguments, choice: 0, into: &frames)
                }
            case .end(let reason): renderer.end(reason, choice: 0, into: &frames)
            case .usage(let usage): renderer.finish(usage, into: &frames)
            case .fault(let fault): renderer.fail(fault, into: &frames)
            }
        }
        return frames
    }

    /// What `parser` makes of `bytes`, fed in pieces that end at `cuts`.
    static func read(_ bytes: [UInt8], with parser: some AnswerParser, cuts: [Int] = []) -> [ChatEvent] {
        var parser = parser
        var events: [ChatEvent] = []
        var start = 0
        for cut in cuts.sorted() + [bytes.count] {
            events += parser.feed(Array(bytes[start..<cut]))
            start = cut
        }
        return events + parser.finish()
    }

    /// Puts pieces of the same kind together; refusals are text, and arguments whole.
    static func joined(_ events: [ChatEvent]) -> [ChatEvent] {
        var joined: [ChatEvent] = []
        for event in events {
            switch (joined.last, event) {
            case (.text(let before), .text(let bytes)), (.text(let before), .refusal(let bytes)):
                joined[joined.count - 1] = .text(before + bytes)
            case (_, .refusal(let bytes)): joined.append(.text(bytes))
            case (.reasoning(let before), .reasoning(let bytes)): joined[joined.count - 1] = .reasoning(before + bytes)
            case (.toolCall(var call), .toolCall(let delta)) where delta.name == nil:
                call.arguments += delta.arguments
                joined[joined.count - 1] = .toolCall(call)
            default: joined.append(event)
            }
        }
        return joined
    }
}

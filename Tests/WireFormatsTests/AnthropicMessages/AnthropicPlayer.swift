// SPDX-License-Identifier: Apache-2.0

import Conversation
import WireFormats

/// Plays what a model says to a renderer, and the bytes that come out to a parser.
struct AnthropicPlayer {
    static let identity = AnswerIdentity(
        model: "claude-typebar",
        seed: 7,
        created: 1_760_000_000_000_000_000,
        inputTokens: 21
    )

    var renderer: any AnswerRenderer
    var frames = FrameBuffer(recordsFrames: true)

    init(omitsThinking: Bool = false, requestID: String? = nil) {
        renderer = AnthropicMessagesRenderer(
            identity: Self.identity,
            omitsThinking: omitsThinking,
            requestID: requestID
        )
        renderer.begin(into: &frames)
    }

    /// The bytes of a stream that says `events`. `usage` comes last, as the renderer wants it.
    static func stream(_ events: [ChatEvent], omitsThinking: Bool = false, requestID: String? = nil) -> [UInt8] {
        var player = AnthropicPlayer(omitsThinking: omitsThinking, requestID: requestID)
        for event in events { player.play(event) }
        return player.frames.bytes
    }

    mutating func play(_ event: ChatEvent) {
        switch event {
        case .text(let bytes): append(bytes, .text)
        case .reasoning(let bytes): append(bytes, .reasoning)
        case .refusal(let bytes): append(bytes, .refusal)
        case .toolCall(let delta):
            if let name = delta.name {
                let call = ToolCall(id: delta.id ?? "", name: name, arguments: [])
                renderer.beginToolCall(call, choice: 0, into: &frames)
            }
            append(delta.arguments, .toolArguments)
        case .end(let reason): renderer.end(reason, choice: 0, into: &frames)
        case .usage(let usage): renderer.finish(usage, into: &frames)
        case .fault(let fault): renderer.fail(fault, into: &frames)
        }
    }

    mutating func heartbeat() {
        renderer.heartbeat(into: &frames)
    }

    private mutating func append(_ bytes: [UInt8], _ piece: AnswerPiece) {
        renderer.append(bytes.span, as: piece, choice: 0, into: &frames)
    }

    /// What a parser makes of `stream`, fed in pieces that end at `cuts`.
    static func parse(_ stream: [UInt8], cuts: [Int] = []) -> [ChatEvent] {
        var parser = AnthropicMessagesStreamParser()
        var events: [ChatEvent] = []
        var start = 0
        for cut in cuts.sorted() + [stream.count] {
            events += parser.feed(Array(stream[start..<cut]))
            start = cut
        }
        return events + parser.finish()
    }
}

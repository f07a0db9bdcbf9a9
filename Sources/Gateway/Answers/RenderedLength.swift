// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import MockModel
internal import Typewriter
internal import WireFormats

/// How long the body of a streamed answer will be: for a head that is to tell it wrong.
enum RenderedLength {
    /// Of an answer that nobody knows yet.
    private static let unknown = 1 << 20

    /// Bytes of the whole stream, as long as it is typed in time.
    static func of(_ order: AnswerOrder) -> Int {
        guard case .scripts(let scripts) = order.source else { return unknown }
        var renderer = order.wire.renderer(for: order.identity)
        var buffer = FrameBuffer()
        var players: [AnswerPlayer] = []
        renderer.begin(into: &buffer)
        for (choice, script) in scripts.enumerated() {
            var player = AnswerPlayer(pace: order.pace, seed: order.identity.seed &+ UInt64(choice), start: 0)
            player.play(script, now: 0)
            render(&player, choice, with: &renderer, into: &buffer)
            players.append(player)
        }
        renderer.finish(order.estimatedUsage(of: players), into: &buffer)
        return buffer.bytes.count
    }

    private static func render(
        _ player: inout AnswerPlayer,
        _ choice: Int,
        with renderer: inout any AnswerRenderer,
        into buffer: inout FrameBuffer
    ) {
        while true {
            switch player.next(now: .max / 2) {
            case .unit(let piece, let range, _):
                let text = player.text
                renderer.append(text.span.extracting(range), as: piece, choice: choice, into: &buffer)
            case .toolCall(let call): renderer.beginToolCall(call, choice: choice, into: &buffer)
            case .fault: break
            case .ended(let reason): return renderer.end(reason, choice: choice, into: &buffer)
            case .failed, .wait, .starved: return
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import MockModel
internal import Typewriter

/// What a scripted answer has said by a given moment: the first of its choices. Nothing is kept between two looks: the
/// order tells all.
struct AnswerPreview {
    private(set) var choice = WholeAnswer.Choice()
    private(set) var hasBegun = false
    private(set) var isWhole = false
    /// The counts to tell of what it has said.
    private(set) var usage: Usage

    init(_ order: AnswerOrder, at now: Nanoseconds) {
        usage = Usage(inputTokens: order.identity.inputTokens, outputTokens: 0)
        guard case .scripts(let scripts) = order.source, let script = scripts.first else { return }
        if Self.isAllDue(script, of: order, at: now) {
            choice = script.choice(tellsTokens: false)
            (hasBegun, isWhole) = (true, true)
            usage = script.usage(input: order.identity.inputTokens)
            return
        }
        var player = AnswerPlayer(pace: order.pace, seed: order.identity.seed, start: order.start)
        player.play(script, now: order.start)
        type(&player, until: now)
        usage = script.usage(input: order.identity.inputTokens, ofFirst: player.typewriter.position)
    }

    /// Without a pace nothing has to be typed to know that all is said: a prompt of megabytes would take its time.
    private static func isAllDue(_ script: AnswerScript, of order: AnswerOrder, at now: Nanoseconds) -> Bool {
        guard order.pace.isUnpaced, order.pace.maximumUnits == nil else { return false }
        var due = order.start + order.pace.firstDelay
        for case .pause(let time) in script.steps { due += time }
        return due <= now
    }

    private mutating func type(_ player: inout AnswerPlayer, until now: Nanoseconds) {
        while true {
            switch player.next(now: now) {
            case .unit(let piece, let range, _): append(player.text[range], as: piece)
            case .toolCall(let call):
                hasBegun = true
                choice.toolCalls.append(call)
            case .fault: break
            case .ended(let reason):
                hasBegun = true
                isWhole = true
                choice.finish = reason
                return
            case .failed, .wait, .starved: return
            }
        }
    }

    private mutating func append(_ unit: ArraySlice<UInt8>, as piece: AnswerPiece) {
        hasBegun = true
        switch piece {
        case .text: choice.text.append(contentsOf: unit)
        case .reasoning: choice.reasoning.append(contentsOf: unit)
        case .refusal: choice.refusal.append(contentsOf: unit)
        case .toolArguments:
            guard let last = choice.toolCalls.indices.last else { return }
            choice.toolCalls[last].arguments.append(contentsOf: unit)
        }
    }
}

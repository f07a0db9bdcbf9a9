// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import MockModel
internal import Typewriter

extension AnswerOrder {
    /// The counts to tell where nobody told them: a scenario's own, or an estimate of what was typed.
    /// - Parameter players: What each choice has typed.
    func estimatedUsage(of players: [AnswerPlayer]) -> Usage {
        guard case .scripts(let scripts) = source else {
            let units = players.reduce(0) { $0 + $1.typewriter.typedUnits }
            return Usage(inputTokens: identity.inputTokens, outputTokens: units)
        }
        var sum = Usage(inputTokens: identity.inputTokens, outputTokens: 0)
        for (script, player) in zip(scripts, players) {
            let typed = player.typewriter.position
            let each = script.usage(input: identity.inputTokens, ofFirst: typed, choices: scripts.count)
            sum.inputTokens = script.usage?.inputTokens ?? sum.inputTokens
            sum.cachedTokens = max(sum.cachedTokens, each.cachedTokens)
            sum.outputTokens += each.outputTokens
            sum.reasoningTokens += each.reasoningTokens
        }
        return sum
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import MockModel

extension AnswerOrder {
    /// The counts to tell where nobody told them: a scenario's own, or an estimate.
    /// - Parameter typedUnits: Of an answer that nobody knows beforehand.
    func estimatedUsage(typedUnits: Int) -> Usage {
        guard case .scripts(let scripts) = source else {
            return Usage(inputTokens: identity.inputTokens, outputTokens: typedUnits)
        }
        var sum = Usage(inputTokens: identity.inputTokens, outputTokens: 0)
        for script in scripts {
            let each = script.usage ?? script.usage(input: identity.inputTokens)
            sum.inputTokens = script.usage?.inputTokens ?? sum.inputTokens
            sum.cachedTokens = max(sum.cachedTokens, each.cachedTokens)
            sum.outputTokens += each.outputTokens
            sum.reasoningTokens += each.reasoningTokens
        }
        return sum
    }
}

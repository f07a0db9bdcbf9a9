// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension ReasoningWish {
    /// The effort that is asked for, or the one that comes near the budget: OpenAI's models take no budget.
    ///
    /// A budget of 0 is no reasoning; one below 0 leaves it to the model, as in Gemini.
    var openAIEffort: Effort? {
        if let effort { return effort }
        switch budgetTokens {
        case .some(0): return Effort.none
        case .some(1..<2048): return .low
        case .some(2048..<8192): return .medium
        case .some(8192...): return .high
        default: return nil
        }
    }

    /// The effort that the member `name` of a request asks for.
    static func openAIEffort(of fields: OpenAIFields?, _ name: String) throws(RequestProblem) -> Effort? {
        try fields?.word(name, of: Effort.allCases.map(\.rawValue)).flatMap(Effort.init(rawValue:))
    }
}

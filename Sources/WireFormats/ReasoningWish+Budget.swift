// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension ReasoningWish {
    /// No thinking at all is asked for.
    var isOff: Bool { effort == Effort.none || (effort == nil && budgetTokens == 0) }

    /// The tokens to think with: those that are given, or a number for the effort; nil where neither is told, or it
    /// is left to the model (a budget below 0, as Gemini has it).
    var budget: Int? {
        if isOff { return 0 }
        if let budgetTokens, budgetTokens > 0 { return budgetTokens }
        switch effort {
        case .minimal, .low: return 1024
        case .medium: return 4096
        case .high: return 16_384
        case .xhigh, .max: return 32_768
        case .some(.none), nil: return nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension FinishReason {
    /// `finishReason` (gemini.md, Response): there is none of its own for a stop sequence, a call or a refusal.
    var geminiName: String {
        switch self {
        case .stop, .stopSequence, .toolCalls: "STOP"
        case .length: "MAX_TOKENS"
        case .contentFilter, .refusal: "SAFETY"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// What of a wish for reasoning Anthropic's messages can grant.
enum AnthropicThinkingBudget {
    /// The API takes no less (anthropic-messages.md, part 1).
    private static let minimum = 1024
    /// For a model that is asked to think, and not how much.
    private static let usual = 4096

    /// The tokens to think with; nil where the model is not to think.
    static func tokens(of request: ChatRequest, losses: inout EncodingLosses) -> Int? {
        let wish = request.reasoning
        let isTold = wish.effort != nil || wish.budgetTokens != nil
        guard !wish.isOff, request.wantsReasoning || isTold else { return nil }
        guard !isRefused(request) else {
            losses.add("reasoning")
            return nil
        }
        let wanted = wish.budget ?? usual
        losses.add("reasoning budget", if: wanted < minimum)
        return max(wanted, minimum)
    }

    /// The API refuses thinking beside a tool that has to be called, and in the midst of a turn that began without:
    /// calls whose results come last need the signed thoughts that led to them.
    private static func isRefused(_ request: ChatRequest) -> Bool {
        if !request.tools.isEmpty, request.toolChoice != .auto, request.toolChoice != .none { return true }
        guard request.messages.last?.role == .tool else { return false }
        guard let caller = request.messages.last(where: { $0.role == .assistant }) else { return false }
        return caller.anthropicSignature(from: request.format) == nil
    }
}

extension ChatMessage {
    /// The proof of the thoughts, where it may be Anthropic's own.
    /// - Parameter format: The client's format: Gemini has other signatures, which Anthropic would refuse.
    func anthropicSignature(from format: WireFormat) -> String? {
        guard format != .gemini, let reasoningSignature, !reasoningSignature.isEmpty else { return nil }
        return reasoningSignature
    }
}

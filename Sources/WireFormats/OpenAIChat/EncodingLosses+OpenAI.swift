// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension EncodingLosses {
    /// What neither chat completions nor Responses tell.
    static func openAI(_ request: ChatRequest) -> Self {
        var losses = Self()
        losses.addUnread(of: request)
        losses.add("top_k", if: request.sampling.topK != nil)
        losses.add("reasoning budget", if: (request.reasoning.budgetTokens ?? 0) > 0)
        losses.addToolChoice(of: request)
        for message in request.messages {
            losses.add(
                "reasoning of earlier turns",
                if: !message.reasoning.isEmpty || message.reasoningSignature != nil
            )
            losses.add("is_error", if: message.isError)
        }
        return losses
    }
}

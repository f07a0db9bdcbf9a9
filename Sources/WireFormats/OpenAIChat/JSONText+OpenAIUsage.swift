// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

extension JSONText {
    /// `usage` of a chat completion, all choices together (openai-chat.md, part 2).
    mutating func openAIChatUsageMember(_ usage: Usage) {
        objectMember("usage") { text in
            text.openAICounts(usage)
            text.objectMember("prompt_tokens_details") { text in
                text.member("cached_tokens", usage.cachedTokens)
                text.member("audio_tokens", 0)
            }
            text.objectMember("completion_tokens_details") { text in
                text.member("reasoning_tokens", usage.reasoningTokens)
                text.member("audio_tokens", 0)
                text.member("accepted_prediction_tokens", 0)
                text.member("rejected_prediction_tokens", 0)
            }
        }
    }

    /// `usage` of a legacy completion (openai-chat.md, part 7).
    mutating func openAICompletionUsageMember(_ usage: Usage) {
        objectMember("usage") { $0.openAICounts(usage) }
    }

    private mutating func openAICounts(_ usage: Usage) {
        member("prompt_tokens", usage.inputTokens)
        member("completion_tokens", usage.outputTokens)
        member("total_tokens", usage.totalTokens)
    }
}

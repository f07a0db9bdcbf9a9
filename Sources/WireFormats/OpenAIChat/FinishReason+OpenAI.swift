// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension FinishReason {
    /// The reason that `finish_reason` names; what is unknown is as good as `stop`.
    init(openAIWord word: String) {
        switch word {
        case "length": self = .length
        case "tool_calls", "function_call": self = .toolCalls
        case "content_filter": self = .contentFilter
        default: self = .stop
        }
    }

    /// The value of `finish_reason` (openai-chat.md, part 2): a refusal ends as any text does.
    var openAIWord: String {
        switch self {
        case .stop, .stopSequence, .refusal: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        case .contentFilter: "content_filter"
        }
    }
}

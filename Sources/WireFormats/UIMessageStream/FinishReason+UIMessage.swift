// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension FinishReason {
    /// The word of the UI message stream; another one than these breaks the client (ai-sdk-ui-stream.md, part 2).
    var uiMessageWord: String {
        switch self {
        case .stop, .stopSequence: "stop"
        case .length: "length"
        case .toolCalls: "tool-calls"
        case .contentFilter, .refusal: "content-filter"
        }
    }

    /// What a word of the UI message stream says; unknown ones are the model's having said all.
    init(uiMessageWord word: String?) {
        switch word {
        case "length": self = .length
        case "tool-calls": self = .toolCalls
        case "content-filter": self = .contentFilter
        default: self = .stop
        }
    }
}

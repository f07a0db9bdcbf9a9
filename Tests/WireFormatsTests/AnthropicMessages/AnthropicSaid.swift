// SPDX-License-Identifier: Apache-2.0

import Conversation

/// What a model says, written shortly.
enum AnthropicSaid {
    static func text(_ text: String) -> ChatEvent { .text(Array(text.utf8)) }

    static func reasoning(_ text: String) -> ChatEvent { .reasoning(Array(text.utf8)) }

    static func refusal(_ text: String) -> ChatEvent { .refusal(Array(text.utf8)) }

    static func call(_ index: Int, id: String? = nil, name: String? = nil, _ arguments: String = "") -> ChatEvent {
        .toolCall(ToolCallDelta(index: index, id: id, name: name, arguments: Array(arguments.utf8)))
    }

    static func usage(_ input: Int, _ output: Int, reasoning: Int = 0, cached: Int = 0) -> ChatEvent {
        .usage(Usage(inputTokens: input, outputTokens: output, reasoningTokens: reasoning, cachedTokens: cached))
    }

    /// The fault, if `event` is one.
    static func fault(_ event: ChatEvent?) -> ChatFault? {
        if case .fault(let fault) = event { fault } else { nil }
    }

    /// Whether nothing may come after `event`.
    static func isLast(_ event: ChatEvent) -> Bool {
        switch event {
        case .end, .fault: true
        default: false
        }
    }

    /// Puts pieces of the same kind together, and a refusal into the text, where the format has it.
    static func joined(_ events: [ChatEvent]) -> [ChatEvent] {
        var joined: [ChatEvent] = []
        for event in events {
            switch (joined.last, event) {
            case (.text(let before), .text(let bytes)), (.text(let before), .refusal(let bytes)):
                joined[joined.count - 1] = .text(before + bytes)
            case (_, .refusal(let bytes)): joined.append(.text(bytes))
            case (.reasoning(let before), .reasoning(let bytes)): joined[joined.count - 1] = .reasoning(before + bytes)
            case (.toolCall(var call), .toolCall(let delta)) where delta.name == nil:
                call.arguments += delta.arguments
                joined[joined.count - 1] = .toolCall(call)
            default: joined.append(event)
            }
        }
        return joined
    }
}

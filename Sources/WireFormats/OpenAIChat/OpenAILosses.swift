// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// What a request says and OpenAI's formats have no place for, each name once, in the order in which it was met.
struct OpenAILosses {
    private(set) var names: [String] = []

    /// What neither chat completions nor Responses tell.
    init(of request: ChatRequest) {
        // The gateway reads one choice, and no log probabilities.
        add("n", if: request.choices > 1)
        add("logprobs", if: request.topLogprobs != nil)
        add("top_k", if: request.sampling.topK != nil)
        add("reasoning budget", if: (request.reasoning.budgetTokens ?? 0) > 0)
        add("tool_choice", if: request.tools.isEmpty && request.toolChoice.needsTool)
        for message in request.messages {
            add("reasoning of earlier turns", if: !message.reasoning.isEmpty || message.reasoningSignature != nil)
            add("is_error", if: message.isError)
        }
    }

    mutating func add(_ name: String, if isLost: Bool = true) {
        if isLost, !names.contains(name) { names.append(name) }
    }
}

extension ToolChoice {
    fileprivate var needsTool: Bool {
        switch self {
        case .auto, .none: false
        case .required, .named: true
        }
    }
}

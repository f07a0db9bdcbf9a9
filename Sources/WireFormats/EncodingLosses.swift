// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// What a request says and an upstream's format has no place for: each name once, in the order in which it was met.
struct EncodingLosses {
    private(set) var names: [String] = []

    init() {}

    /// Starts with what neither Anthropic, Gemini nor Ollama are asked for.
    init(of request: ChatRequest) {
        addUnread(of: request)
        addToolChoice(of: request)
        // The name of a `tool` message is that of the tool.
        add("name", if: request.messages.contains { $0.role != .tool && $0.name != nil })
    }

    /// The gateway reads one choice, and no log probabilities, whoever answers.
    mutating func addUnread(of request: ChatRequest) {
        add("n", if: request.choices > 1)
        add("logprobs", if: request.topLogprobs != nil)
    }

    /// No upstream takes a choice without tools.
    mutating func addToolChoice(of request: ChatRequest) {
        let needsTool = request.toolChoice != .auto && request.toolChoice != .none
        add("tool_choice", if: request.tools.isEmpty && needsTool)
    }

    mutating func add(_ name: String, if isLost: Bool = true) {
        if isLost, !names.contains(name) { names.append(name) }
    }

    /// The arguments of a call as an object: an empty one where they are broken, which is a loss.
    mutating func arguments(of call: ToolCall) -> [UInt8] {
        if let object = OllamaToolArguments.object(call.arguments) { return object.jsonBytes }
        add("arguments")
        return Array("{}".utf8)
    }
}

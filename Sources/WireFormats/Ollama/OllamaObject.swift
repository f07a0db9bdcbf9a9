// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// One object of an answer, a line of a stream or the whole body (ollama.md, Stream).
struct OllamaObject {
    /// Why an answer ends, and its counts.
    enum End {
        /// `stop` or `length`.
        case answer(FinishReason, Usage)
        /// The model was loaded, and nothing said.
        case load
        case unload
    }

    let kind: OllamaKind
    let model: String
    /// Unix time in nanoseconds.
    let created: Int64
    /// Valid UTF-8.
    var text: [UInt8] = []
    /// Valid UTF-8; left out where empty.
    var thinking: [UInt8] = []
    /// Those whose arguments are no object are left out: see ``OllamaToolArguments/text(of:)``.
    var toolCalls: [ToolCall] = []
    /// Which of the answer's calls the first of `toolCalls` is.
    var firstCall = 0
    var end: End?

    /// The object, without a line's end.
    var bytes: [UInt8] {
        JSONText.object { text in
            text.member("model", model)
            text.member("created_at", RFC3339.text(unixNanoseconds: created, fractionDigits: 6))
            switch kind {
            case .chat:
                text.objectMember("message") { text in
                    text.member("role", "assistant")
                    writeContent("content", to: &text)
                }
            case .generate: writeContent("response", to: &text)
            }
            text.member("done", end != nil)
            if let end { Self.write(end, to: &text) }
        }
    }

    private func writeContent(_ name: String, to text: inout JSONText) {
        text.member(name, self.text)
        if !thinking.isEmpty { text.member("thinking", thinking) }
        guard !toolCalls.isEmpty else { return }
        text.arrayMember("tool_calls") { text in
            for (index, call) in toolCalls.enumerated() {
                guard let arguments = OllamaToolArguments.object(call.arguments) else { continue }
                text.object { text in
                    text.member("id", call.id)
                    text.objectMember("function") { text in
                        text.member("index", firstCall + index)
                        text.member("name", call.name)
                        text.member("arguments", arguments)
                    }
                }
            }
        }
    }

    private static func write(_ end: End, to text: inout JSONText) {
        switch end {
        case .load: text.member("done_reason", "load")
        case .unload: text.member("done_reason", "unload")
        case .answer(let reason, let usage):
            let times = OllamaTimes(usage)
            text.member("done_reason", reason == .length ? "length" : "stop")
            text.member("total_duration", times.total)
            text.member("load_duration", OllamaTimes.load)
            text.member("prompt_eval_count", usage.inputTokens)
            text.member("prompt_eval_duration", times.input)
            text.member("eval_count", usage.outputTokens)
            text.member("eval_duration", times.output)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Writes a chat completion that is not streamed (openai-chat.md, part 2).
struct OpenAIChatBody {
    let identity: AnswerIdentity
    /// How many alternatives are told for each token of the text; nil for no log probabilities.
    let topLogprobs: Int?
    /// A call is told as the deprecated `function_call`.
    let usesFunctions: Bool

    func bytes(of answer: WholeAnswer) -> [UInt8] {
        JSONText.object { text in
            text.member("id", identity.name("chatcmpl-"))
            text.member("object", "chat.completion")
            text.member("created", identity.createdSeconds)
            text.member("model", identity.model)
            text.arrayMember("choices") { text in
                for (index, choice) in answer.choices.enumerated() { write(choice, index: index, to: &text) }
            }
            text.openAIChatUsageMember(answer.usage)
            text.member("service_tier", "default")
            text.member("system_fingerprint", identity.hexName("fp_", length: 10))
        }
    }

    /// The id of a tool call, made up where the model gave none: clients answer the call by it.
    static func id(of call: ToolCall, choice: Int, index: Int, for identity: AnswerIdentity) -> String {
        guard call.id.isEmpty else { return call.id }
        return identity.name("call_", salt: UInt64(truncatingIfNeeded: choice << 32 + index + 1))
    }

    private func write(_ choice: WholeAnswer.Choice, index: Int, to text: inout JSONText) {
        let isCall = usesFunctions && choice.finish == .toolCalls
        text.object { text in
            text.member("index", index)
            text.objectMember("message") { writeMessage(choice, index: index, to: &$0) }
            text.name("logprobs")
            writeLogprobs(choice, to: &text)
            text.member("finish_reason", isCall ? "function_call" : choice.finish.openAIWord)
        }
    }

    private func writeMessage(_ choice: WholeAnswer.Choice, index: Int, to text: inout JSONText) {
        let saysElse = !choice.toolCalls.isEmpty || !choice.refusal.isEmpty
        text.member("role", "assistant")
        text.member("content", choice.text.isEmpty && saysElse ? .null : .string(choice.text))
        text.member("refusal", choice.refusal.isEmpty ? .null : .string(choice.refusal))
        text.arrayMember("annotations") { _ in }
        if !choice.reasoning.isEmpty { text.member("reasoning_content", .string(choice.reasoning)) }
        guard let first = choice.toolCalls.first else { return }
        if usesFunctions {
            text.objectMember("function_call") { Self.write(first, to: &$0) }
            return
        }
        text.arrayMember("tool_calls") { text in
            for (position, call) in choice.toolCalls.enumerated() {
                text.object { text in
                    text.member("id", Self.id(of: call, choice: index, index: position, for: identity))
                    text.member("type", "function")
                    text.objectMember("function") { Self.write(call, to: &$0) }
                }
            }
        }
    }

    private static func write(_ call: ToolCall, to text: inout JSONText) {
        text.member("name", call.name)
        text.member("arguments", .string(call.arguments))
    }

    private func writeLogprobs(_ choice: WholeAnswer.Choice, to text: inout JSONText) {
        guard let topLogprobs else { return text.null() }
        text.object { text in
            text.arrayMember("content") { text in
                for token in choice.tokens {
                    MadeUpLogprob(token: choice.text.span.extracting(token)).write(to: &text, top: topLogprobs)
                }
            }
            text.nullMember("refusal")
        }
    }
}

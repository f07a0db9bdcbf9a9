// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Writes the parts of a message (anthropic-messages.md, parts 2 and 3).
enum AnthropicMessage {
    /// A whole message.
    static func body(of answer: WholeAnswer, for identity: AnswerIdentity, omitsThinking: Bool) -> [UInt8] {
        let choice = answer.choices.first ?? WholeAnswer.Choice()
        return JSONText.object { text in
            appendHead(of: identity, to: &text)
            text.arrayMember("content") { text in
                append(contentOf: choice, for: identity, omitsThinking: omitsThinking, to: &text)
            }
            append(choice.finish, to: &text)
            text.objectMember("usage") { text in
                append(answer.usage, to: &text)
                text.member("service_tier", "standard")
            }
        }
    }

    /// The message of `message_start`: no content yet, and one token of output, as the real API has it.
    static func start(for identity: AnswerIdentity) -> [UInt8] {
        JSONText.object { text in
            text.member("type", "message_start")
            text.objectMember("message") { text in
                appendHead(of: identity, to: &text)
                text.arrayMember("content") { _ in }
                text.nullMember("stop_reason")
                text.nullMember("stop_sequence")
                text.objectMember("usage") { text in
                    append(Usage(inputTokens: identity.inputTokens, outputTokens: 1), to: &text)
                    text.member("service_tier", "standard")
                }
            }
        }
    }

    /// Why it ends, and the totals of all tokens.
    static func delta(_ reason: FinishReason, usage: Usage) -> [UInt8] {
        JSONText.object { text in
            text.member("type", "message_delta")
            text.objectMember("delta") { text in append(reason, to: &text) }
            text.objectMember("usage") { text in append(usage, to: &text) }
        }
    }

    private static func appendHead(of identity: AnswerIdentity, to text: inout JSONText) {
        text.member("id", AnthropicNames(identity).message)
        text.member("type", "message")
        text.member("role", "assistant")
        text.member("model", identity.model)
    }

    private static func append(
        contentOf choice: WholeAnswer.Choice,
        for identity: AnswerIdentity,
        omitsThinking: Bool,
        to text: inout JSONText
    ) {
        let names = AnthropicNames(identity)
        var block = 0
        if !choice.reasoning.isEmpty {
            text.object { text in
                text.member("type", "thinking")
                text.member("thinking", omitsThinking ? "" : String(decoding: choice.reasoning, as: UTF8.self))
                text.member("signature", names.signature(block: block))
            }
            block += 1
        }
        // Beside its stop reason, a refusal has no form of its own.
        let words = choice.text + choice.refusal
        if !words.isEmpty {
            text.object { text in
                text.member("type", "text")
                text.member("text", String(decoding: words, as: UTF8.self))
            }
            block += 1
        }
        for call in choice.toolCalls {
            text.object { text in
                text.member("type", "tool_use")
                text.member("id", names.tool(call, block: block))
                text.member("name", call.name)
                text.member("input", input(call.arguments))
            }
            block += 1
        }
    }

    /// The arguments as the object that the format wants, empty where they are none.
    private static func input(_ arguments: [UInt8]) -> JSONValue {
        guard let value = try? JSONReader.read(arguments), value.members != nil else { return .object([]) }
        return value
    }

    private static func append(_ reason: FinishReason, to text: inout JSONText) {
        text.member("stop_reason", word(for: reason))
        if case .stopSequence(let sequence) = reason {
            text.member("stop_sequence", sequence)
        } else {
            text.nullMember("stop_sequence")
        }
        guard reason == .refusal || reason == .contentFilter else { return }
        text.objectMember("stop_details") { text in
            text.member("type", "refusal")
            text.nullMember("category")
            text.member(
                "explanation",
                reason == .refusal ? "The model declined to answer." : "A filter stopped the answer."
            )
        }
    }

    private static func word(for reason: FinishReason) -> String {
        switch reason {
        case .stop: "end_turn"
        case .stopSequence: "stop_sequence"
        case .length: "max_tokens"
        case .toolCalls: "tool_use"
        case .contentFilter, .refusal: "refusal"
        }
    }

    /// Tokens from a cache are not among `input_tokens`.
    private static func append(_ usage: Usage, to text: inout JSONText) {
        text.member(
            "input_tokens",
            max(0, usage.inputTokens.subtractingReportingOverflow(usage.cachedTokens).partialValue)
        )
        text.member("cache_creation_input_tokens", 0)
        text.member("cache_read_input_tokens", usage.cachedTokens)
        text.member("output_tokens", usage.outputTokens)
        guard usage.reasoningTokens > 0 else { return }
        text.objectMember("output_tokens_details") { text in
            text.member("thinking_tokens", usage.reasoningTokens)
        }
    }
}

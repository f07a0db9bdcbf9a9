// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Writes a legacy completion that is not streamed (openai-chat.md, part 7).
struct OpenAICompletionsBody {
    let identity: AnswerIdentity
    /// How many alternatives are told for each token of the text; nil for no log probabilities.
    let topLogprobs: Int?
    /// The text before each choice's own; empty for none.
    let echoes: [String]

    func bytes(of answer: WholeAnswer) -> [UInt8] {
        JSONText.object { text in
            text.member("id", identity.name("cmpl-"))
            text.member("object", "text_completion")
            text.member("created", identity.createdSeconds)
            text.member("model", identity.model)
            text.arrayMember("choices") { text in
                for (index, choice) in answer.choices.enumerated() { write(choice, index: index, to: &text) }
            }
            text.openAICompletionUsageMember(answer.usage)
        }
    }

    /// The format knows no tools: calls end a text as if the model had said all.
    static func word(for reason: FinishReason) -> String {
        reason == .toolCalls ? FinishReason.stop.openAIWord : reason.openAIWord
    }

    private func write(_ choice: WholeAnswer.Choice, index: Int, to text: inout JSONText) {
        let echo = index < echoes.count ? echoes[index] : ""
        text.object { text in
            text.member("text", .string(Array(echo.utf8) + choice.text + choice.refusal))
            text.member("index", index)
            text.name("logprobs")
            if let topLogprobs {
                let tokens = choice.tokens.map { MadeUpLogprob(token: choice.text.span.extracting($0)) }
                var offset = echo.unicodeScalars.count
                text.json(OpenAICompletionsLogprobs.json(tokens, top: topLogprobs, offset: &offset))
            } else {
                text.null()
            }
            text.member("finish_reason", Self.word(for: choice.finish))
        }
    }
}

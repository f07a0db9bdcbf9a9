// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Writes a whole `GenerateContentResponse` (gemini.md, Response).
enum GeminiBody {
    static func bytes(of answer: WholeAnswer, for identity: AnswerIdentity) -> [UInt8] {
        var candidates = JSONText()
        candidates.array { text in
            for (index, choice) in answer.choices.enumerated() {
                let content = content(of: choice, at: index, identity)
                write(content.parts, at: index, finish: content.finish, to: &text)
            }
        }
        var bytes = Array(#"{"candidates":"#.utf8)
        bytes += candidates.bytes
        bytes.append(UInt8(ascii: ","))
        GeminiUsage.append(answer.usage, to: &bytes)
        return bytes + ending(for: identity)
    }

    /// What each response ends with: the model and the response's id.
    static func ending(for identity: AnswerIdentity) -> [UInt8] {
        let members = JSONText.object { text in
            text.member("modelVersion", identity.model)
            text.member("responseId", identity.name("", length: 22))
        }
        return [UInt8(ascii: ",")] + members.dropFirst()
    }

    /// - Parameter finish: Nil where the candidate goes on.
    static func write(_ parts: [GeminiPart], at index: Int, finish: String?, to text: inout JSONText) {
        text.object { text in
            text.objectMember("content") { text in
                text.arrayMember("parts") { text in
                    for part in parts { part.write(to: &text) }
                }
                text.member("role", "model")
            }
            text.member("index", index)
            if let finish { text.member("finishReason", finish) }
        }
    }

    private static func content(
        of choice: WholeAnswer.Choice,
        at index: Int,
        _ identity: AnswerIdentity
    ) -> (parts: [GeminiPart], finish: String) {
        var parts: [GeminiPart] = []
        if !choice.reasoning.isEmpty { parts.append(.thought(choice.reasoning)) }
        let text = choice.text + choice.refusal
        let calls = choice.toolCalls.enumerated().compactMap {
            GeminiPart.call($1, at: $0, choice: index, of: identity)
        }
        if !text.isEmpty || calls.isEmpty { parts.append(.text(text)) }
        let isBroken = calls.count < choice.toolCalls.count && choice.finish == .toolCalls
        return (parts + calls, isBroken ? "MALFORMED_FUNCTION_CALL" : choice.finish.geminiName)
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// What the built-in mock says where no scenario matches. The same request and seed give the same script.
public enum MockBrain {
    /// One of the answers to `request`, without its limits: see ``AnswerScript/limited(maximumTokens:stopSequences:)``.
    ///
    /// Reasoning comes first where it is asked for. Then come calls of tools (``MockToolCalls``), or else text: JSON
    /// of the shape that is asked for, the last results of tools, or the built-in answer.
    /// - Parameters:
    ///   - answer: The built-in answer.
    ///   - choice: Which of several answers, from 0.
    public static func script(
        for request: ChatRequest,
        as answer: MockAnswer,
        choice: Int,
        seed: UInt64
    ) -> AnswerScript {
        let choiceSeed = seed &+ UInt64(clamping: choice)
        var steps: [AnswerScript.Step] = []
        if request.wantsReasoning {
            steps.append(.reasoning(Array(thoughts[Int(choiceSeed % UInt64(thoughts.count))].utf8)))
        }
        let calls = MockToolCalls.calls(for: request, choice: choice, seed: seed)
        guard calls.isEmpty else {
            return AnswerScript(steps: steps + calls.map { .toolCall($0) }, finish: .toolCalls)
        }
        steps.append(.text(text(for: request, as: answer, seed: choiceSeed)))
        return AnswerScript(steps: steps)
    }

    private static func text(for request: ChatRequest, as answer: MockAnswer, seed: UInt64) -> [UInt8] {
        switch request.shape {
        case .jsonSchema(let schema): return SchemaInstance.make(schema, seed: seed, choices: request.choices).jsonBytes
        case .jsonObject: return JSONText.object { $0.member("answer", answer.text(for: request, seed: seed)) }
        case .text: break
        }
        let results = Array(request.messages.reversed().prefix { $0.role == .tool }.reversed())
        guard !results.isEmpty else { return answer.text(for: request, seed: seed) }
        return Array(results.map { "The tool says: \($0.content)" }.joined(separator: "\n").utf8)
    }

    private static let thoughts = [
        """
        I read the last message first, because that is what wants an answer. Nothing in it is ambiguous, so a direct \
        reply will do. Now I only have to put it into words.
        """,
        """
        What matters here is to be clear before being complete. I begin with the main point and let the details \
        follow it.
        """,
        """
        There are two ways to go about this, and the shorter one is good enough. I check that it leaves nothing out. \
        It does not, so I take it.
        """,
    ]
}

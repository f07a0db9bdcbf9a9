// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// Writes answers as one object of JSON (ollama.md, Stream).
enum OllamaBody {
    /// A whole answer; only the first of several choices, for Ollama has but one.
    static func body(of answer: WholeAnswer, _ kind: OllamaKind, for identity: AnswerIdentity) -> [UInt8] {
        let choice = answer.choices.first ?? WholeAnswer.Choice()
        var object = object(kind, for: identity)
        object.text = choice.text + choice.refusal
        object.thinking = choice.reasoning
        for var call in choice.toolCalls {
            guard OllamaToolArguments.object(call.arguments) != nil else {
                object.text += OllamaToolArguments.text(of: call)
                continue
            }
            call.id = identity.toolCallID(of: call, at: object.toolCalls.count)
            object.toolCalls.append(call)
        }
        object.end = .answer(choice.finish, answer.usage)
        return object.bytes
    }

    /// What a request that asks nothing gets: the model was loaded, or unloaded.
    static func loadBody(_ kind: OllamaKind, unloads: Bool, for identity: AnswerIdentity) -> [UInt8] {
        var object = object(kind, for: identity)
        object.end = unloads ? .unload : .load
        return object.bytes
    }

    private static func object(_ kind: OllamaKind, for identity: AnswerIdentity) -> OllamaObject {
        OllamaObject(kind: kind, model: OllamaModelName.tagged(identity.model), created: identity.created)
    }
}

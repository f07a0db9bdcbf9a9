// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// The older completions: text, one finish for each choice, `[DONE]`.
struct OpenAICompletionsRules: AnswerRules {
    private static let known: Set<String> = [
        "id", "object", "created", "model", "system_fingerprint", "choices", "usage",
    ]

    private var chunks = OpenAIChunkCheck()

    let ending = AnswerEnding.terminator

    mutating func take(_ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        for choice in chunks.choices(in: frame, known: Self.known, object: nil, &transcript) {
            take(choice, frame, &transcript)
        }
    }

    private mutating func take(_ choice: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let index = transcript.require("index", "integer", in: choice, frame)?.integer,
            let text = transcript.require("text", "string", in: choice, frame)?.bytes
        else { return }
        transcript.say(text, as: AnswerTranscript.main + (index == 0 ? "" : " of choice \(index)"), frame)
        chunks.read(choice, index: index, bears: !text.isEmpty, frame, &transcript)
    }

    mutating func finish(_ transcript: inout AnswerTranscript) {}
}

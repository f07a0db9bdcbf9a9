// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// The older completions: text, one finish for each choice, `[DONE]`.
struct OpenAICompletionsRules: AnswerRules {
    private static let known: Set<String> = [
        "id", "object", "created", "model", "system_fingerprint", "choices", "usage",
    ]

    private var identity = AnswerIdentityCheck()
    private var finished: Set<Int> = []

    let ending = AnswerEnding.terminator

    mutating func take(_ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        if frame.isDone { return transcript.terminate(frame) }
        guard let value = transcript.object(frame) else { return }
        if let error = value["error"], !error.isNull {
            return transcript.fail(error["message"]?.text ?? error.text, frame)
        }
        transcript.noteUnknown(in: value, known: Self.known, frame)
        transcript.require("created", "integer", in: value, frame)
        transcript.require("model", "string", in: value, frame)
        identity.judge(transcript.require("id", "string", in: value, frame)?.text, frame, &transcript)
        for choice in transcript.require("choices", "array", in: value, frame)?.array ?? [] {
            take(choice, frame, &transcript)
        }
        if let usage = value["usage"], !usage.isNull { transcript.countOpenAI(usage, frame) }
    }

    private mutating func take(_ choice: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let index = transcript.require("index", "integer", in: choice, frame)?.integer,
            let text = transcript.require("text", "string", in: choice, frame)?.bytes
        else { return }
        if !text.isEmpty, finished.contains(index) {
            transcript.misplaced("choice \(index) goes on after its finish_reason", "nothing more of it", frame)
        }
        transcript.say(text, as: AnswerTranscript.main + (index == 0 ? "" : " of choice \(index)"), frame)
        guard let reason = choice["finish_reason"]?.text else { return }
        if !finished.insert(index).inserted {
            transcript.misplaced("choice \(index) has a second finish_reason", "one", frame)
        }
        transcript.finish(reason)
    }

    mutating func finish(_ transcript: inout AnswerTranscript) {}
}

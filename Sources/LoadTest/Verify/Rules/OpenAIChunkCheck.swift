// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// What the chunks of OpenAI's completions, of chats and the older ones, have in common.
struct OpenAIChunkCheck {
    private var identity = AnswerIdentityCheck()
    /// Choices that have said why they end.
    private(set) var finished: Set<Int> = []

    /// Judges a chunk but for its choices, which are given; none where it is an error, or the last word.
    /// - Parameters:
    ///   - known: The members that a chunk may have.
    ///   - object: What its `object` has to be; nil: anything.
    mutating func choices(
        in frame: StreamFrame,
        known: Set<String>,
        object: String?,
        _ transcript: inout AnswerTranscript
    ) -> [JSONValue] {
        if frame.isDone {
            transcript.terminate(frame)
            return []
        }
        guard let value = transcript.object(frame) else { return [] }
        if let error = value["error"], !error.isNull {
            transcript.fail(error["message"]?.text ?? error.text, frame)
            return []
        }
        transcript.noteUnknown(in: value, known: known, frame)
        if let object, transcript.require("object", "string", in: value, frame)?.text != object {
            transcript.log.add(.members, frame, seen: "another object", expected: object)
        }
        transcript.require("created", "integer", in: value, frame)
        transcript.require("model", "string", in: value, frame)
        identity.judge(transcript.require("id", "string", in: value, frame)?.text, frame, &transcript)
        let choices = transcript.require("choices", "array", in: value, frame)?.array ?? []
        if let usage = value["usage"], !usage.isNull { count(usage, frame, &transcript) }
        return choices
    }

    /// A choice's part of a chunk has been read.
    /// - Parameter bears: It held something of the answer.
    mutating func read(
        _ choice: JSONValue,
        index: Int,
        bears: Bool,
        _ frame: StreamFrame,
        _ transcript: inout AnswerTranscript
    ) {
        if bears, finished.contains(index) {
            transcript.misplaced("choice \(index) goes on after its finish_reason", "nothing more of it", frame)
        }
        guard let reason = choice["finish_reason"]?.text else { return }
        if !finished.insert(index).inserted {
            transcript.misplaced("choice \(index) has a second finish_reason", "one", frame)
        }
        transcript.finish(reason)
    }

    private func count(_ usage: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        let output = transcript.require("completion_tokens", "integer", in: usage, frame)?.integer
        let input = transcript.require("prompt_tokens", "integer", in: usage, frame)?.integer
        transcript.count(input: input, output: output, total: usage["total_tokens"]?.integer, frame)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// `/api/chat` and `/api/generate`: a line each, the last one with `"done":true` and the counts (ollama.md).
struct OllamaRules: AnswerRules {
    private static let known: Set<String> = [
        "model", "created_at", "message", "response", "thinking", "done", "done_reason", "total_duration", "context",
        "load_duration", "prompt_eval_count", "prompt_eval_duration", "eval_count", "eval_duration", "logprobs",
        "remote_model", "remote_host", "tool_calls",
    ]

    private var last: [UInt8] = []
    private var lastTime = ""

    let ending = AnswerEnding.finish

    mutating func take(_ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let value = transcript.object(frame) else { return }
        if let error = value["error"], !error.isNull { return transcript.fail(error.text, frame) }
        transcript.noteUnknown(in: value, known: Self.known, frame)
        transcript.require("model", "string", in: value, frame)
        judgeTime(transcript.require("created_at", "string", in: value, frame)?.text ?? "", frame, &transcript)
        if transcript.finishes > 0 { transcript.misplaced("a line after the done one", "nothing more", frame) }
        say(value, frame, &transcript)
        guard transcript.require("done", "boolean", in: value, frame)?.bool == true else { return }
        if transcript.finishes == 0 { transcript.finish(value["done_reason"]?.text ?? "stop") }
        let output = value["eval_count"]?.integer
        transcript.count(input: value["prompt_eval_count"]?.integer, output: output, frame)
    }

    private func say(_ value: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        let thinking = value["thinking"]?.bytes ?? value["message"]?["thinking"]?.bytes
        if let thinking { transcript.say(thinking, as: "reasoning", frame) }
        if let text = value["response"]?.bytes { return transcript.say(text, frame) }
        guard let message = transcript.require("message", "object", in: value, frame) else { return }
        transcript.require("role", "string", in: message, frame)
        if let text = message["content"]?.bytes { transcript.say(text, frame) }
        for call in message["tool_calls"]?.array ?? [] {
            guard let function = transcript.require("function", "object", in: call, frame) else { continue }
            transcript.require("arguments", "object", in: function, frame)
        }
    }

    /// Each line bears the time at which it was made, so one that comes twice or too late shows.
    private mutating func judgeTime(_ time: String, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        defer {
            last = frame.data
            lastTime = time
        }
        if !time.isEmpty, frame.data == last {
            transcript.log.add(.duplicate, frame, seen: "the line before again, with the same created_at")
        } else if time.utf8.count == lastTime.utf8.count, time < lastTime, time.hasSuffix("Z") {
            let seen = "created_at \(time) after \(lastTime)"
            transcript.log.add(.reorder, frame, seen: seen, expected: "times that ascend")
        }
    }

    mutating func finish(_ transcript: inout AnswerTranscript) {}
}

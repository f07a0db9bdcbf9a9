// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Chat completions: a role first, text, one finish for each choice, token counts, `[DONE]` (openai-chat.md).
struct OpenAIChatRules: AnswerRules {
    private static let known: Set<String> = [
        "id", "object", "created", "model", "service_tier", "system_fingerprint", "choices", "usage", "obfuscation",
    ]

    private var identity = AnswerIdentityCheck()
    /// Choices that have begun, and those that have said why they end.
    private var begun: Set<Int> = []
    private var finished: Set<Int> = []

    let ending = AnswerEnding.terminator

    mutating func take(_ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        if frame.isDone { return transcript.terminate(frame) }
        guard let value = transcript.object(frame) else { return }
        if let error = value["error"], !error.isNull {
            return transcript.fail(error["message"]?.text ?? error.text, frame)
        }
        transcript.noteUnknown(in: value, known: Self.known, frame)
        if transcript.require("object", "string", in: value, frame)?.text != "chat.completion.chunk" {
            transcript.log.add(.members, frame, seen: "another object", expected: "chat.completion.chunk")
        }
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
            let delta = transcript.require("delta", "object", in: choice, frame)
        else { return }
        if begun.insert(index).inserted, delta["role"]?.text != "assistant" {
            transcript.misplaced("choice \(index) begins without a role", "delta.role \"assistant\" first", frame)
        }
        let bears = say(delta, choice: index, frame, &transcript)
        if bears, finished.contains(index) {
            transcript.misplaced("choice \(index) goes on after its finish_reason", "nothing more of it", frame)
        }
        if let reason = choice["finish_reason"]?.text {
            if !finished.insert(index).inserted {
                transcript.misplaced("choice \(index) has a second finish_reason", "one", frame)
            }
            transcript.finish(reason)
        }
    }

    private func say(
        _ delta: JSONValue,
        choice: Int,
        _ frame: StreamFrame,
        _ transcript: inout AnswerTranscript
    ) -> Bool {
        let suffix = choice == 0 ? "" : " of choice \(choice)"
        let texts = [("content", "text"), ("refusal", "refusal"), ("reasoning_content", "reasoning")]
        var bears = false
        for (member, channel) in texts {
            guard let bytes = delta[member]?.bytes, !bytes.isEmpty else { continue }
            transcript.say(bytes, as: channel + suffix, frame)
            bears = true
        }
        for call in delta["tool_calls"]?.array ?? [] {
            let index = transcript.require("index", "integer", in: call, frame)?.integer ?? 0
            transcript.argue(call["function"]?["arguments"]?.bytes ?? [], key: "\(choice).\(index)", frame)
            bears = true
        }
        if let call = delta["function_call"] {
            transcript.argue(call["arguments"]?.bytes ?? [], key: "\(choice)", frame)
        }
        return bears
    }

    mutating func finish(_ transcript: inout AnswerTranscript) {
        let open = begun.subtracting(finished).sorted()
        guard !open.isEmpty, transcript.finishes > 0, transcript.terminators > 0 else { return }
        let seen = "no finish_reason of choice \(open.map(String.init).joined(separator: ", "))"
        transcript.log.add(.missingFinish, nil, seen: seen, expected: "one for each choice")
    }
}

extension AnswerTranscript {
    /// Token counts by OpenAI's names.
    mutating func countOpenAI(_ usage: JSONValue, _ frame: StreamFrame) {
        let output = require("completion_tokens", "integer", in: usage, frame)?.integer
        let input = require("prompt_tokens", "integer", in: usage, frame)?.integer
        count(input: input, output: output, total: usage["total_tokens"]?.integer, frame)
    }
}

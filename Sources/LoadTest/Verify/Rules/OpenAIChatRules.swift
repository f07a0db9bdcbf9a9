// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Chat completions: a role first, text, one finish for each choice, token counts, `[DONE]` (openai-chat.md).
struct OpenAIChatRules: AnswerRules {
    private static let known: Set<String> = [
        "id", "object", "created", "model", "service_tier", "system_fingerprint", "choices", "usage", "obfuscation",
    ]

    private var chunks = OpenAIChunkCheck()
    private var begun: Set<Int> = []

    let ending = AnswerEnding.terminator

    mutating func take(_ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        let object = "chat.completion.chunk"
        for choice in chunks.choices(in: frame, known: Self.known, object: object, &transcript) {
            take(choice, frame, &transcript)
        }
    }

    private mutating func take(_ choice: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let index = transcript.require("index", "integer", in: choice, frame)?.integer,
            let delta = transcript.require("delta", "object", in: choice, frame)
        else { return }
        if begun.insert(index).inserted, delta["role"]?.text != "assistant" {
            transcript.misplaced("choice \(index) begins without a role", "delta.role \"assistant\" first", frame)
        }
        let bears = say(delta, choice: index, frame, &transcript)
        chunks.read(choice, index: index, bears: bears, frame, &transcript)
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
        let open = begun.subtracting(chunks.finished).sorted()
        guard !open.isEmpty, transcript.finishes > 0, transcript.terminators > 0 else { return }
        let seen = "no finish_reason of choice \(open.map(String.init).joined(separator: ", "))"
        transcript.log.add(.missingFinish, nil, seen: seen, expected: "one for each choice")
    }
}

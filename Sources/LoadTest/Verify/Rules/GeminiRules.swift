// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// `streamGenerateContent?alt=sse`: parts of candidates, token counts that only grow, a finish reason (gemini.md).
struct GeminiRules: AnswerRules {
    private static let known: Set<String> = [
        "candidates", "promptFeedback", "usageMetadata", "modelVersion", "responseId", "createTime", "modelStatus",
    ]

    private var identity = AnswerIdentityCheck()
    /// The output tokens that were counted until now.
    private var counted = 0
    private var last: [UInt8] = []
    private var finished: Set<Int> = []

    let ending = AnswerEnding.finish

    mutating func take(_ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let value = transcript.object(frame) else { return }
        if let error = value["error"], !error.isNull { return transcript.fail(error["message"]?.text, frame) }
        transcript.noteUnknown(in: value, known: Self.known, frame)
        identity.judge(value["responseId"]?.text, frame, &transcript)
        if value["candidates"] == nil, value["promptFeedback"] == nil, value["usageMetadata"] == nil {
            transcript.log.add(.members, frame, seen: "no candidates", expected: "candidates or promptFeedback")
        }
        // A prompt that is blocked has no candidate, and this is its end.
        if value["promptFeedback"]?["blockReason"] != nil { transcript.finish("blocked") }
        let before = transcript.text().count
        for candidate in value["candidates"]?.array ?? [] { take(candidate, frame, &transcript) }
        let isText = transcript.text().count > before
        if let usage = value["usageMetadata"] { count(usage, isText: isText, frame, &transcript) }
        last = frame.data
    }

    private mutating func take(_ candidate: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        let index = candidate["index"]?.integer ?? 0
        let suffix = index == 0 ? "" : " of candidate \(index)"
        for part in candidate["content"]?["parts"]?.array ?? [] {
            if let text = part["text"]?.bytes {
                if !text.isEmpty, finished.contains(index) {
                    transcript.misplaced("text after the finishReason", "nothing more", frame)
                }
                transcript.say(text, as: (part["thought"]?.bool == true ? "reasoning" : "text") + suffix, frame)
            }
            if let call = part["functionCall"] { transcript.require("name", "string", in: call, frame) }
        }
        guard let reason = candidate["finishReason"]?.text else { return }
        if !finished.insert(index).inserted { transcript.misplaced("a second finishReason", "one", frame) }
        transcript.finish(reason)
    }

    /// Counts are of the answer so far, so events that come twice or too late show in them.
    private mutating func count(
        _ usage: JSONValue,
        isText: Bool,
        _ frame: StreamFrame,
        _ transcript: inout AnswerTranscript
    ) {
        let output = usage["candidatesTokenCount"]?.integer
        transcript.count(input: usage["promptTokenCount"]?.integer, output: output, frame)
        guard let output else { return }
        if output < counted {
            let seen = "\(output) tokens counted after \(counted)"
            transcript.log.add(.reorder, frame, seen: seen, expected: "counts that grow")
        } else if output == counted, isText, frame.data == last {
            transcript.log.add(.duplicate, frame, seen: "the event before again, with the same counts")
        }
        counted = max(counted, output)
    }

    mutating func finish(_ transcript: inout AnswerTranscript) {}
}

// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Responses: numbered events, items that begin and end one after another, and texts told again whole
/// (openai-responses.md 4).
struct OpenAIResponsesRules: AnswerRules {
    private static let ends = ["response.completed", "response.incomplete", "response.failed"]

    private var identity = AnswerIdentityCheck()
    private var chain = IDChain()
    private var hasCreated = false
    private var hasEnded = false
    private var openItem: Int?
    private var nextItem = 0
    /// The texts whose deltas come, by item and part.
    private var joined: [String: [UInt8]] = [:]

    let ending = AnswerEnding.finish

    mutating func take(_ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        if frame.isDone { return transcript.terminate(frame) }
        guard let value = transcript.object(frame) else {
            chain.unreadable += 1
            return
        }
        guard let type = transcript.require("type", "string", in: value, frame)?.text else { return }
        if frame.name != type {
            let seen = "event \(Excerpts.quoted(frame.name.utf8)) with type \(Excerpts.quoted(type.utf8))"
            transcript.log.add(.grammar, frame, seen: seen, expected: "the same name in both")
        }
        // `response.failed` may follow it.
        if type == "error" {
            if let number = value["sequence_number"]?.integer { chain.add(frame, end: number) }
            return transcript.fail(value["error"]?["message"]?.text ?? value["message"]?.text, frame)
        }
        if let number = transcript.require("sequence_number", "integer", in: value, frame)?.integer {
            chain.add(frame, end: number)
        }
        if !hasCreated, type != "response.created" {
            transcript.misplaced("\(type) first", "response.created", frame)
        }
        hasCreated = true
        if hasEnded { transcript.misplaced("\(type) after the response's end", "nothing more", frame) }
        take(value, type, frame, &transcript)
    }

    private mutating func take(
        _ value: JSONValue,
        _ type: String,
        _ frame: StreamFrame,
        _ transcript: inout AnswerTranscript
    ) {
        if let response = value["response"] {
            identity.judge(transcript.require("id", "string", in: response, frame)?.text, frame, &transcript)
        }
        if Self.ends.contains(type) { return end(value, type, frame, &transcript) }
        switch type {
        case "response.output_item.added": begin(value, frame, &transcript)
        case "response.output_item.done": close(value, frame, &transcript)
        default:
            if type.hasSuffix(".delta") { add(value, type, frame, &transcript) }
            if type.hasSuffix(".done") { compare(value, type, frame, &transcript) }
        }
    }

    private mutating func begin(_ value: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let index = transcript.require("output_index", "integer", in: value, frame)?.integer else { return }
        transcript.require("item", "object", in: value, frame)
        if let openItem {
            transcript.misplaced("item \(index) begins in item \(openItem)", "response.output_item.done", frame)
        } else if index != nextItem {
            transcript.misplaced("item \(index) begins", "item \(nextItem)", frame)
        }
        openItem = index
        nextItem = index &+ 1
    }

    private mutating func close(_ value: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let index = transcript.require("output_index", "integer", in: value, frame)?.integer else { return }
        if openItem != index {
            transcript.misplaced("item \(index) ends, which is not open", "response.output_item.added", frame)
        }
        openItem = nil
    }

    private mutating func add(
        _ value: JSONValue,
        _ type: String,
        _ frame: StreamFrame,
        _ transcript: inout AnswerTranscript
    ) {
        guard let delta = transcript.require("delta", "string", in: value, frame)?.bytes else { return }
        if let index = value["output_index"]?.integer, index != openItem {
            transcript.misplaced("a delta of item \(index), which is not open", "response.output_item.added", frame)
        }
        let key = Self.key(value, type.dropLast(".delta".count))
        joined[key, default: []] += delta
        switch type {
        case "response.output_text.delta": transcript.say(delta, frame)
        case "response.refusal.delta": transcript.say(delta, as: "refusal", frame)
        case "response.function_call_arguments.delta": transcript.argue(delta, key: key, frame)
        case let type where type.hasPrefix("response.reasoning"): transcript.say(delta, as: "reasoning", frame)
        default: break
        }
    }

    /// What is told whole at a text's end has to be what the deltas told.
    private mutating func compare(
        _ value: JSONValue,
        _ type: String,
        _ frame: StreamFrame,
        _ transcript: inout AnswerTranscript
    ) {
        let names = ["text", "refusal", "arguments", "input"]
        guard let whole = names.lazy.compactMap({ value[$0]?.bytes }).first else { return }
        let deltas = joined.removeValue(forKey: Self.key(value, type.dropLast(".done".count))) ?? []
        guard deltas != whole else { return }
        let place = zip(deltas, whole).prefix { $0 == $1 }.count
        transcript.log.add(
            .text,
            frame,
            seen: "\(type) differs from its deltas at byte \(place): \(Excerpts.around(whole, place))",
            expected: Excerpts.around(deltas, place)
        )
    }

    private mutating func end(
        _ value: JSONValue,
        _ type: String,
        _ frame: StreamFrame,
        _ transcript: inout AnswerTranscript
    ) {
        hasEnded = true
        guard let response = transcript.require("response", "object", in: value, frame) else { return }
        if type == "response.failed" { return transcript.fail(response["error"]?["message"]?.text, frame) }
        if let openItem { transcript.misplaced("\(type) in item \(openItem)", "response.output_item.done", frame) }
        transcript.finish(type == "response.completed" ? "stop" : "length")
        if let output = transcript.require("output", "array", in: response, frame)?.array, output.count != nextItem {
            transcript.log.add(
                .members,
                frame,
                seen: "\(output.count) items in the output",
                expected: "\(nextItem), as were added"
            )
        }
        guard let usage = transcript.require("usage", "object", in: response, frame) else { return }
        let output = usage["output_tokens"]?.integer
        let total = usage["total_tokens"]?.integer
        transcript.count(input: usage["input_tokens"]?.integer, output: output, total: total, frame)
    }

    mutating func finish(_ transcript: inout AnswerTranscript) {
        chain.judge(unit: "events", &transcript.log)
    }

    private static func key(_ value: JSONValue, _ type: Substring) -> String {
        let indices = ["output_index", "content_index", "summary_index"].map { value[$0]?.integer ?? 0 }
        return "\(type) \(indices)"
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Messages: blocks that begin and end one after another, within a message that does (anthropic-messages.md 3).
struct AnthropicMessagesRules: AnswerRules {
    private struct Block {
        var index: Int
        var type: String
    }

    private var hasStarted = false
    private var open: Block?
    private var nextIndex = 0

    let ending = AnswerEnding.terminator

    mutating func take(_ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let value = transcript.object(frame),
            let type = transcript.require("type", "string", in: value, frame)?.text
        else { return }
        if frame.name != type {
            let seen = "event \(Excerpts.quoted(frame.name.utf8)) with type \(Excerpts.quoted(type.utf8))"
            transcript.log.add(.grammar, frame, seen: seen, expected: "the same name in both")
        }
        if !hasStarted, !["message_start", "ping", "error"].contains(type) {
            transcript.misplaced("\(type) before message_start", "message_start first", frame)
            hasStarted = true
        }
        switch type {
        case "message_start": start(value, frame, &transcript)
        case "content_block_start": begin(value, frame, &transcript)
        case "content_block_delta": add(value, frame, &transcript)
        case "content_block_stop": stop(value, frame, &transcript)
        case "message_delta": close(value, frame, &transcript)
        case "message_stop":
            if open != nil { transcript.misplaced("message_stop in a block", "content_block_stop", frame) }
            transcript.terminate(frame)
        case "error": transcript.fail(value["error"]?["message"]?.text, frame)
        case "ping": break
        default: transcript.log.add(.unknownFields, frame, seen: "unknown event \(type)")
        }
    }

    private mutating func start(_ value: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        if hasStarted { transcript.misplaced("message_start again", "one", frame) }
        hasStarted = true
        guard let message = transcript.require("message", "object", in: value, frame) else { return }
        transcript.require("id", "string", in: message, frame)
        transcript.require("model", "string", in: message, frame)
        transcript.require("content", "array", in: message, frame)
        if let usage = transcript.require("usage", "object", in: message, frame) {
            // What is cached is not of the first.
            let parts = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"]
            let counts = parts.compactMap { usage[$0]?.integer }
            transcript.count(input: counts.isEmpty ? nil : counts.reduce(0, &+), output: nil, frame)
        }
    }

    private mutating func begin(_ value: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let index = transcript.require("index", "integer", in: value, frame)?.integer,
            let block = transcript.require("content_block", "object", in: value, frame)
        else { return }
        if let open {
            transcript.misplaced("block \(index) begins in block \(open.index)", "content_block_stop", frame)
        } else if index != nextIndex {
            transcript.misplaced("block \(index) begins", "block \(nextIndex)", frame)
        }
        nextIndex = index &+ 1
        open = Block(index: index, type: block["type"]?.text ?? "")
        if let text = block["text"]?.bytes { transcript.say(text, frame) }
    }

    private func add(_ value: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let index = transcript.require("index", "integer", in: value, frame)?.integer,
            let delta = transcript.require("delta", "object", in: value, frame)
        else { return }
        guard let open, open.index == index else {
            return transcript.misplaced("a delta of block \(index), which is not open", "content_block_start", frame)
        }
        let type = delta["type"]?.text ?? ""
        let fitting: [String: [String]] = [
            "text": ["text_delta", "citations_delta"], "thinking": ["thinking_delta", "signature_delta"],
        ]
        if let allowed = fitting[open.type], !allowed.contains(type) {
            transcript.misplaced("\(type) in a block of type \(open.type)", allowed[0], frame)
        }
        switch type {
        case "text_delta":
            if let text = transcript.require("text", "string", in: delta, frame)?.bytes { transcript.say(text, frame) }
        case "thinking_delta":
            if let text = transcript.require("thinking", "string", in: delta, frame)?.bytes {
                transcript.say(text, as: "reasoning", frame)
            }
        case "input_json_delta":
            if let piece = transcript.require("partial_json", "string", in: delta, frame)?.bytes {
                transcript.argue(piece, key: String(index), frame)
            }
        default: break
        }
    }

    private mutating func stop(_ value: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let index = transcript.require("index", "integer", in: value, frame)?.integer else { return }
        if open?.index != index {
            transcript.misplaced("block \(index) ends, which is not open", "content_block_start", frame)
        }
        open = nil
    }

    private func close(_ value: JSONValue, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        if let open { transcript.misplaced("message_delta in block \(open.index)", "content_block_stop", frame) }
        guard let delta = transcript.require("delta", "object", in: value, frame) else { return }
        if let reason = delta["stop_reason"]?.text { transcript.finish(reason) }
        if let usage = transcript.require("usage", "object", in: value, frame) {
            transcript.count(input: nil, output: usage["output_tokens"]?.integer, frame)
        }
    }

    mutating func finish(_ transcript: inout AnswerTranscript) {}
}

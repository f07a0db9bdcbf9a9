// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// The AI SDK's UI message stream: parts that begin and end by id, within steps (ai-sdk-ui-stream.md 2 and 3).
struct UIMessageRules: AnswerRules {
    /// Members that each type of part must have; all are strings but `input`, `output` and `data`.
    private static let required: [String: [String]] = [
        "start": [], "start-step": [], "finish-step": [], "finish": [], "abort": [], "message-metadata": [],
        "text-start": ["id"], "text-delta": ["id", "delta"], "text-end": ["id"],
        "reasoning-start": ["id"], "reasoning-delta": ["id", "delta"], "reasoning-end": ["id"],
        "tool-input-start": ["toolCallId", "toolName"], "tool-input-delta": ["toolCallId", "inputTextDelta"],
        "tool-input-available": ["toolCallId", "toolName"],
        "tool-input-error": ["toolCallId", "toolName", "errorText"],
        "tool-output-available": ["toolCallId"], "tool-output-error": ["toolCallId", "errorText"],
        "tool-output-denied": ["toolCallId"], "tool-approval-request": ["toolCallId", "approvalId"],
        "tool-approval-response": ["approvalId"],
        "source-url": ["sourceId", "url"], "source-document": ["sourceId", "mediaType", "title"],
        "file": ["url", "mediaType"], "error": ["errorText"], "reasoning-file": [], "reset-step": [], "custom": [],
    ]

    private var hasStarted = false
    private var isInStep = false
    private var hasFinished = false
    /// `text txt-0`: what has begun and not ended.
    private var open: Set<String> = []

    let ending = AnswerEnding.terminator

    mutating func take(_ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        if frame.isDone { return transcript.terminate(frame) }
        guard let value = transcript.object(frame),
            let type = transcript.require("type", "string", in: value, frame)?.text
        else { return }
        if !type.hasPrefix("data-") {
            guard let members = Self.required[type] else {
                transcript.log.add(.members, frame, seen: "type \(Excerpts.quoted(type.utf8))", expected: "a known one")
                return
            }
            for member in members { transcript.require(member, "string", in: value, frame) }
        }
        if !hasStarted, type != "start" {
            transcript.misplaced("\(type) before start", "start first", frame)
        } else if hasStarted, type == "start" {
            transcript.misplaced("start again", "one", frame)
        }
        hasStarted = true
        if hasFinished, type != "message-metadata" {
            transcript.misplaced("\(type) after finish", "nothing more", frame)
        }
        take(value, type, frame, &transcript)
    }

    private mutating func take(
        _ value: JSONValue,
        _ type: String,
        _ frame: StreamFrame,
        _ transcript: inout AnswerTranscript
    ) {
        switch type {
        case "start-step":
            if isInStep { transcript.misplaced("start-step in a step", "finish-step", frame) }
            isInStep = true
        case "finish-step":
            if !isInStep { transcript.misplaced("finish-step without a step", "start-step", frame) }
            close(type, frame, &transcript)
            isInStep = false
        case "finish":
            if isInStep { transcript.misplaced("finish in a step", "finish-step", frame) }
            close(type, frame, &transcript)
            hasFinished = true
            transcript.finish(value["finishReason"]?.text ?? "stop")
        case "error": transcript.fail(value["errorText"]?.text, frame)
        case "abort": transcript.fail("aborted", frame)
        default:
            if type.hasPrefix("text-") || type.hasPrefix("reasoning-") { takeBlock(value, type, frame, &transcript) }
            if type == "tool-input-delta", let piece = value["inputTextDelta"]?.bytes {
                transcript.argue(piece, key: value["toolCallId"]?.text ?? "", frame)
            }
        }
    }

    private mutating func takeBlock(
        _ value: JSONValue,
        _ type: String,
        _ frame: StreamFrame,
        _ transcript: inout AnswerTranscript
    ) {
        let parts = type.split(separator: "-")
        guard parts.count == 2, let id = value["id"]?.text else { return }
        let block = "\(parts[0]) \(id)"
        switch parts[1] {
        case "start":
            if !open.insert(block).inserted { transcript.misplaced("\(block) begins again", "\(parts[0])-end", frame) }
        case "end":
            if open.remove(block) == nil {
                transcript.misplaced("\(block) ends before it began", "\(parts[0])-start", frame)
            }
        default:
            if !open.contains(block) {
                transcript.misplaced("a delta of \(block), which is not open", "\(parts[0])-start", frame)
            }
            transcript.say(value["delta"]?.bytes ?? [], as: parts[0] == "text" ? "text" : "reasoning", frame)
        }
    }

    private mutating func close(_ type: String, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        if let block = open.min() { transcript.misplaced("\(type) while \(block) is open", "its end", frame) }
        open = []
    }

    mutating func finish(_ transcript: inout AnswerTranscript) {}
}

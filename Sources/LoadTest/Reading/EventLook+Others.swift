// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// The formats of others (anthropic-messages.md, gemini.md, ollama.md, ai-sdk-ui-stream.md).
extension EventLook {
    static func look(atMessages event: JSONValue, named name: String) -> EventLook {
        if isProblem(event["error"]) { return EventLook(kind: .failure) }
        var look = EventLook()
        switch event["type"]?.text ?? name {
        case "content_block_start":
            let block = event["content_block"]
            look.bearsAnswer = block?["type"]?.text == "tool_use"
            look.settle(hasText: isSaid(block?["text"]), hasReasoning: isSaid(block?["thinking"]))
        case "content_block_delta":
            let delta = event["delta"]
            look.settle(
                hasText: isSaid(delta?["text"]),
                hasReasoning: isSaid(delta?["thinking"]),
                hasToolCall: isSaid(delta?["partial_json"])
            )
        case "message_delta":
            look.tokens = count(event["usage"]?["output_tokens"])
            look.settle(hasText: false)
        case "message_stop":
            look.ends = true
            look.kind = .end
        case "error": look.kind = .failure
        default: break
        }
        return look
    }

    static func look(atGemini response: JSONValue) -> EventLook {
        if isProblem(response["error"]) { return EventLook(kind: .failure) }
        var look = EventLook()
        var hasText = false
        var hasReasoning = false
        var hasCall = false
        let candidates = response["candidates"]?.array ?? []
        for candidate in candidates {
            for part in candidate["content"]?["parts"]?.array ?? [] {
                if part["functionCall"]?.members != nil { hasCall = true }
                guard isSaid(part["text"]) else { continue }
                if part["thought"] == .bool(true) { hasReasoning = true } else { hasText = true }
            }
            switch candidate["finishReason"]?.text ?? "" {
            case "", "FINISH_REASON_UNSPECIFIED": break
            case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE":
                return EventLook(kind: .failure)
            default:
                look.ends = true
                look.finished |= 1 << UInt8(min(7, max(0, candidate["index"]?.integer ?? 0)))
            }
        }
        if candidates.isEmpty, response["promptFeedback"]?["blockReason"]?.text != nil { look.ends = true }
        // Each event counts on; the last one is right.
        if look.ends, let usage = response["usageMetadata"], usage.members != nil {
            let thoughts = max(0, count(usage["thoughtsTokenCount"]))
            look.tokens = min(max(0, count(usage["candidatesTokenCount"])) + thoughts, Int(Int32.max))
        }
        look.settle(hasText: hasText, hasReasoning: hasReasoning, hasToolCall: hasCall)
        return look
    }

    static func look(atOllama line: JSONValue) -> EventLook {
        if isProblem(line["error"]) { return EventLook(kind: .failure) }
        let message = line["message"] ?? line
        var look = EventLook()
        look.ends = line["done"] == .bool(true)
        look.tokens = count(line["eval_count"])
        look.settle(
            hasText: isSaid(message["content"] ?? message["response"]),
            hasReasoning: isSaid(message["thinking"]),
            hasToolCall: message["tool_calls"]?.array?.isEmpty == false
        )
        return look
    }

    static func look(atUIMessage part: JSONValue) -> EventLook {
        var look = EventLook()
        look.tokens = count(part["messageMetadata"]?["usage"]?["outputTokens"])
        switch part["type"]?.text {
        case "text-delta": look.settle(hasText: isSaid(part["delta"]))
        case "reasoning-delta": look.settle(hasText: false, hasReasoning: isSaid(part["delta"]))
        case "tool-input-delta": look.settle(hasText: false, hasToolCall: isSaid(part["inputTextDelta"]))
        case "tool-input-start", "tool-input-available": look.bearsAnswer = true
        case "error", "abort": look.kind = .failure
        case "finish" where part["finishReason"]?.text == "error": look.kind = .failure
        default: look.settle(hasText: false)
        }
        return look
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON
internal import WireFormats

/// OpenAI's formats (openai-chat.md, openai-responses.md). All choices count, not only the first.
extension EventLook {
    static func look(atChat chunk: JSONValue) -> EventLook {
        if OpenAIChatError.problem(in: chunk) != nil { return EventLook(kind: .failure) }
        var look = EventLook()
        look.tokens = count(chunk["usage"]?["completion_tokens"])
        var hasText = false
        var hasReasoning = false
        var hasArguments = false
        for choice in chunk["choices"]?.array ?? [] {
            if choice["finish_reason"]?.text == "error" { return EventLook(kind: .failure) }
            guard let delta = choice["delta"] else { continue }
            for event in OpenAIChatDelta.events(of: delta) {
                if case .reasoning = event { hasReasoning = true } else { hasText = true }
            }
            let calls = delta["tool_calls"]?.array ?? []
            let functions = calls.map { $0["function"] } + [delta["function_call"]]
            for case .some(let function) in functions where function.members != nil {
                look.bearsAnswer = true
                if isSaid(function["arguments"]) { hasArguments = true }
            }
        }
        look.settle(hasText: hasText, hasReasoning: hasReasoning, hasToolCall: hasArguments)
        return look
    }

    static func look(atCompletions chunk: JSONValue) -> EventLook {
        if OpenAIChatError.problem(in: chunk) != nil { return EventLook(kind: .failure) }
        var look = EventLook()
        look.tokens = count(chunk["usage"]?["completion_tokens"])
        let choices = chunk["choices"]?.array ?? []
        if choices.contains(where: { $0["finish_reason"]?.text == "error" }) { return EventLook(kind: .failure) }
        look.settle(hasText: choices.contains { isSaid($0["text"]) })
        return look
    }

    static func look(atResponses payload: JSONValue, named name: String) -> EventLook {
        var look = EventLook()
        if let number = payload["sequence_number"]?.integer, number >= 0 { look.sequence = Int64(number) }
        let hasDelta = isSaid(payload["delta"])
        switch payload["type"]?.text ?? name {
        case "response.completed", "response.incomplete":
            look.ends = true
            look.tokens = count(payload["response"]?["usage"]?["output_tokens"])
            look.kind = .end
        case "response.failed", "error": look.kind = .failure
        case "response.output_text.delta", "response.refusal.delta": look.settle(hasText: hasDelta)
        case "response.reasoning_summary_text.delta", "response.reasoning_text.delta", "response.reasoning.delta":
            look.settle(hasText: false, hasReasoning: hasDelta)
        case "response.function_call_arguments.delta": look.settle(hasText: false, hasToolCall: hasDelta)
        case "response.output_item.added", "response.output_item.done":
            look.bearsAnswer = payload["item"]?["type"]?.text == "function_call"
        default:
            if isProblem(payload["error"]) { look.kind = .failure }
        }
        return look
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Reads the streamed answer of OpenAI's Responses (openai-responses.md 4 and 5).
///
/// A state machine: bytes of the body in, events out; the last is `end` or `fault`, and nothing comes after it.
/// `response.completed` or `response.incomplete` makes an answer whole. Types of events that it does not know are
/// passed over.
public struct OpenAIResponsesStreamParser: AnswerParser {
    private struct Call {
        let index: Int
        var hasArguments = false
    }

    /// More calls in one answer are no answer.
    private static let maximumCalls = 1024

    private var events: EventStreamParser
    private var hasEnded = false
    private var hasRefused = false
    /// The function calls by their place in the output.
    private var calls: [Int: Call] = [:]

    /// - Parameter limit: The most bytes of one line or event; the last event holds the whole answer once more.
    public init(limit: Int = 8 << 20) {
        events = EventStreamParser(limit: limit)
    }

    public mutating func feed(_ bytes: [UInt8]) -> [ChatEvent] {
        guard !hasEnded else { return [] }
        let (payloads, fault) = Self.events(in: bytes, &events)
        var out: [ChatEvent] = []
        for payload in payloads where !hasEnded { read(payload, &out) }
        if let fault, !hasEnded { end(.fault(fault), &out) }
        return out
    }

    public mutating func finish() -> [ChatEvent] {
        var out: [ChatEvent] = []
        if !hasEnded { truncate(&out) }
        return out
    }

    private mutating func end(_ event: ChatEvent, _ out: inout [ChatEvent]) {
        hasEnded = true
        out.append(event)
    }

    private mutating func truncate(_ out: inout [ChatEvent]) {
        let message = "The upstream's answer stopped without response.completed or another last event."
        end(.fault(ChatFault(kind: .truncated, message: message, retryable: true)), &out)
    }

    private mutating func read(_ event: ServerSentEvent, _ out: inout [ChatEvent]) {
        if event.data.elementsEqual("[DONE]".utf8) { return truncate(&out) }
        let payload: JSONValue
        do {
            payload = try JSONReader.read(event.data)
        } catch {
            let fault = Self.protocolFault("The upstream sent broken JSON: at byte \(error.offset), \(error.reason).")
            return end(.fault(fault), &out)
        }
        guard case .object = payload else {
            return end(.fault(Self.protocolFault("The upstream sent JSON that is no object.")), &out)
        }
        let type = payload["type"]?.text ?? event.type
        switch type {
        case "response.completed", "response.incomplete", "response.failed": readLast(type, payload, &out)
        case "error": end(.fault(Self.fault(payload["error"], or: payload)), &out)
        default:
            if let problem = payload["error"], !problem.isNull {
                return end(.fault(OpenAIChatError.fault(from: problem)), &out)
            }
            read(type, payload, &out)
        }
    }

    private mutating func read(_ type: String, _ payload: JSONValue, _ out: inout [ChatEvent]) {
        let delta = payload["delta"]?.bytes ?? []
        switch type {
        case "response.output_text.delta" where !delta.isEmpty: out.append(.text(delta))
        case "response.refusal.delta" where !delta.isEmpty:
            hasRefused = true
            out.append(.refusal(delta))
        case "response.reasoning_summary_text.delta", "response.reasoning_text.delta", "response.reasoning.delta":
            if !delta.isEmpty { out.append(.reasoning(delta)) }
        case "response.reasoning_summary_part.added" where payload["summary_index"]?.integer ?? 0 > 0:
            // The parts of a summary are paragraphs.
            out.append(.reasoning(Array("\n\n".utf8)))
        case "response.output_item.added", "response.output_item.done":
            guard let item = payload["item"], item["type"]?.text == "function_call" else { return }
            beginCall(item, at: payload["output_index"]?.integer ?? 0, &out)
        case "response.function_call_arguments.delta" where !delta.isEmpty:
            addArguments(delta, at: payload["output_index"]?.integer ?? 0, &out)
        case "response.function_call_arguments.done":
            addMissingArguments(payload["arguments"], at: payload["output_index"]?.integer ?? 0, &out)
        default: break
        }
    }

    // MARK: Calls

    private mutating func beginCall(_ item: JSONValue, at place: Int, _ out: inout [ChatEvent]) {
        guard calls[place] == nil else { return addMissingArguments(item["arguments"], at: place, &out) }
        guard calls.count < Self.maximumCalls else {
            let message = "The upstream's answer has more than \(Self.maximumCalls) tool calls."
            return end(.fault(Self.protocolFault(message)), &out)
        }
        let arguments = item["arguments"]?.bytes ?? []
        let call = Call(index: calls.count, hasArguments: !arguments.isEmpty)
        calls[place] = call
        let id = item["call_id"]?.text ?? item["id"]?.text
        let name = item["name"]?.text
        out.append(.toolCall(ToolCallDelta(index: call.index, id: id, name: name, arguments: arguments)))
    }

    private mutating func addArguments(_ delta: [UInt8], at place: Int, _ out: inout [ChatEvent]) {
        guard let call = calls[place] else { return }
        calls[place]?.hasArguments = true
        out.append(.toolCall(ToolCallDelta(index: call.index, id: nil, name: nil, arguments: delta)))
    }

    /// Servers exist that send the arguments at the end only.
    private mutating func addMissingArguments(_ arguments: JSONValue?, at place: Int, _ out: inout [ChatEvent]) {
        guard calls[place]?.hasArguments == false, let bytes = arguments?.bytes, !bytes.isEmpty else { return }
        addArguments(bytes, at: place, &out)
    }

    // MARK: The last event

    private mutating func readLast(_ type: String, _ payload: JSONValue, _ out: inout [ChatEvent]) {
        let response = payload["response"] ?? .null
        if let usage = response["usage"].flatMap(Self.usage) { out.append(.usage(usage)) }
        // Servers exist that call every last event "completed"; then only the response's own status is true.
        let isCutShort = type == "response.incomplete" || response["status"]?.text == "incomplete"
        switch type {
        case "response.failed": end(.fault(Self.fault(response["error"], or: .null)), &out)
        case _ where isCutShort:
            let isFiltered = response["incomplete_details"]?["reason"]?.text == "content_filter"
            end(.end(isFiltered ? .contentFilter : .length), &out)
        default: end(.end(!calls.isEmpty ? .toolCalls : hasRefused ? .refusal : .stop), &out)
        }
    }

    /// Counts that no model can reach are none: sums of them would overflow.
    static func usage(_ value: JSONValue) -> Usage? {
        let range = 0...1 << 48
        guard let input = value["input_tokens"]?.integer, range.contains(input),
            let output = value["output_tokens"]?.integer, range.contains(output)
        else { return nil }
        let reasoning = value["output_tokens_details"]?["reasoning_tokens"]?.integer ?? 0
        let cached = value["input_tokens_details"]?["cached_tokens"]?.integer ?? 0
        return Usage(
            inputTokens: input,
            outputTokens: output,
            reasoningTokens: range.contains(reasoning) ? reasoning : 0,
            cachedTokens: range.contains(cached) ? cached : 0
        )
    }

    /// The error is nested, as OpenAI sends it, or flat, as its schema says.
    private static func fault(_ nested: JSONValue?, or flat: JSONValue) -> ChatFault {
        if let nested, !nested.isNull { return OpenAIChatError.fault(from: nested) }
        // The flat one's type is the name of the event.
        let members = (flat.members ?? []).filter { $0.name != "type" }
        return OpenAIChatError.fault(from: .object(members))
    }
}

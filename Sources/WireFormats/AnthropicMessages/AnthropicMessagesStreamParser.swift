// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Reads the streamed answer of Anthropic's messages (anthropic-messages.md, part 3).
///
/// A stop reason or `message_stop` makes an answer whole. What a reader does not know is passed over, as the format
/// wants it; events are told by the `type` in their data, whether or not a line names them.
public struct AnthropicMessagesStreamParser: AnswerParser {
    private enum Phase {
        case open
        /// The stop reason has come; `message_stop` may follow.
        case finishing
        case ended
    }

    /// The tool call whose block is open.
    private struct OpenCall {
        /// The index of its block.
        let block: Int?
        /// Which of the calls it is.
        let index: Int
        /// Arguments that the block began with; they count where no others come.
        var firstInput: [UInt8]
    }

    /// More calls in one answer are no answer.
    private static let maximumCalls = 1024

    private var events: EventStreamParser
    private var phase = Phase.open
    private var reason = FinishReason.stop
    private var counts = AnthropicTokenCounts()
    private var callCount = 0
    private var openCall: OpenCall?

    /// - Parameter limit: The most bytes of one line or event.
    public init(limit: Int = 8 << 20) {
        self.events = EventStreamParser(limit: limit)
    }

    /// The text is whole; at most token counts are missing.
    public var hasWholeText: Bool { phase == .finishing }

    public mutating func feed(_ bytes: [UInt8]) -> [ChatEvent] {
        guard phase != .ended else { return [] }
        let (payloads, fault) = Self.events(in: bytes, &events)
        var out: [ChatEvent] = []
        for payload in payloads where phase != .ended { read(payload, &out) }
        if let fault, phase != .ended { fail(fault, &out) }
        return out
    }

    public mutating func finish() -> [ChatEvent] {
        var out: [ChatEvent] = []
        switch phase {
        case .ended: break
        case .finishing: end(&out)
        case .open:
            let message = "The upstream's answer stopped without a stop_reason or message_stop."
            fail(ChatFault(kind: .truncated, message: message, retryable: true), &out)
        }
        return out
    }

    private mutating func end(_ out: inout [ChatEvent]) {
        phase = .ended
        closeCall(&out)
        if let usage = counts.usage { out.append(.usage(usage)) }
        out.append(.end(reason))
    }

    private mutating func fail(_ fault: ChatFault, _ out: inout [ChatEvent]) {
        phase = .ended
        out.append(.fault(fault))
    }

    private mutating func read(_ payload: ServerSentEvent, _ out: inout [ChatEvent]) {
        // Old servers still end with this word.
        if payload.type == "ping" || payload.data.elementsEqual("[DONE]".utf8) { return }
        let event: JSONValue
        do {
            event = try JSONReader.read(payload.data)
        } catch {
            let message = "The upstream sent broken JSON: at byte \(error.offset), \(error.reason)."
            return fail(Self.protocolFault(message), &out)
        }
        guard case .object = event else {
            return fail(Self.protocolFault("The upstream sent JSON that is no object."), &out)
        }
        if let problem = event["error"], !problem.isNull { return fail(AnthropicProblem.fault(from: problem), &out) }
        switch event["type"]?.text ?? payload.type {
        case "message_start": counts.merge(event["message"]?["usage"])
        case "content_block_start": begin(event, &out)
        case "content_block_delta": read(delta: event, &out)
        case "content_block_stop": closeCall(&out)
        case "message_delta": readEnd(event)
        case "message_stop": end(&out)
        case "error": fail(AnthropicProblem.fault(from: .null), &out)
        default: break
        }
    }

    private mutating func begin(_ event: JSONValue, _ out: inout [ChatEvent]) {
        closeCall(&out)
        guard let block = event["content_block"] else { return }
        switch block["type"]?.text {
        case "text": append(block["text"], as: ChatEvent.text, &out)
        case "thinking": append(block["thinking"], as: ChatEvent.reasoning, &out)
        case "tool_use": beginCall(block, at: event["index"]?.integer, &out)
        default: break
        }
    }

    private mutating func beginCall(_ block: JSONValue, at place: Int?, _ out: inout [ChatEvent]) {
        guard callCount < Self.maximumCalls else {
            let message = "The upstream's answer has more than \(Self.maximumCalls) tool calls."
            return fail(Self.protocolFault(message), &out)
        }
        let hasInput = !(block["input"]?.members ?? []).isEmpty
        let input = hasInput ? block["input"]?.jsonBytes ?? [] : []
        openCall = OpenCall(block: place, index: callCount, firstInput: input)
        let call = ToolCallDelta(index: callCount, id: block["id"]?.text, name: block["name"]?.text, arguments: [])
        callCount += 1
        out.append(.toolCall(call))
    }

    private mutating func read(delta event: JSONValue, _ out: inout [ChatEvent]) {
        guard let delta = event["delta"] else { return }
        switch delta["type"]?.text {
        case "text_delta": append(delta["text"], as: ChatEvent.text, &out)
        case "thinking_delta": append(delta["thinking"], as: ChatEvent.reasoning, &out)
        case "input_json_delta":
            guard let bytes = delta["partial_json"]?.bytes, !bytes.isEmpty else { return }
            // The input of a server's own tool is no call.
            guard let call = openCall, call.block == event["index"]?.integer else { return }
            openCall?.firstInput = []
            out.append(.toolCall(ToolCallDelta(index: call.index, id: nil, name: nil, arguments: bytes)))
        default: break
        }
    }

    private func append(_ text: JSONValue?, as event: ([UInt8]) -> ChatEvent, _ out: inout [ChatEvent]) {
        guard let bytes = text?.bytes, !bytes.isEmpty else { return }
        out.append(event(bytes))
    }

    private mutating func closeCall(_ out: inout [ChatEvent]) {
        guard let call = openCall else { return }
        openCall = nil
        guard !call.firstInput.isEmpty else { return }
        out.append(.toolCall(ToolCallDelta(index: call.index, id: nil, name: nil, arguments: call.firstInput)))
    }

    private mutating func readEnd(_ event: JSONValue) {
        counts.merge(event["usage"])
        guard let word = event["delta"]?["stop_reason"]?.text, !word.isEmpty else { return }
        phase = .finishing
        switch word {
        case "max_tokens", "model_context_window_exceeded": reason = .length
        case "stop_sequence": reason = event["delta"]?["stop_sequence"]?.text.map(FinishReason.stopSequence) ?? .stop
        case "tool_use": reason = .toolCalls
        case "refusal": reason = .refusal
        default: reason = .stop
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Reads the streamed answer of OpenAI's chat completions, and of the many servers that speak alike.
///
/// A state machine: bytes of the body in, events out; the last is `end` or `fault`, and nothing comes after it.
/// `finish_reason` or `[DONE]` makes an answer whole: servers exist that send but one of them.
public struct OpenAIChatStreamParser: AnswerParser {
    private enum Phase {
        case open
        /// `finish_reason` has come; token counts may follow.
        case finishing
        case ended
    }

    private var events: EventStreamParser
    private var phase = Phase.open
    private var reason = FinishReason.stop
    private let wantsUsage: Bool

    /// - Parameters:
    ///   - wantsUsage: Token counts were asked for, so `finish_reason` is not yet the end.
    ///   - limit: The most bytes of one line or event.
    public init(wantsUsage: Bool, limit: Int = 8 << 20) {
        self.events = EventStreamParser(limit: limit)
        self.wantsUsage = wantsUsage
    }

    /// The text is whole; at most token counts are missing.
    public var hasWholeText: Bool { phase == .finishing }

    /// Takes the next bytes of the body.
    public mutating func feed(_ bytes: [UInt8]) -> [ChatEvent] {
        guard phase != .ended else { return [] }
        var payloads: [ServerSentEvent] = []
        var out: [ChatEvent] = []
        var fault: ChatFault?
        do {
            try events.feed(bytes.span) { payloads.append($0) }
        } catch {
            fault = Self.protocolFault("An event of the upstream has more than \(error.limit) bytes.")
        }
        for payload in payloads where phase != .ended { read(payload, &out) }
        if let fault, phase != .ended { end(.fault(fault), &out) }
        return out
    }

    /// The body has ended as its framing says it should.
    public mutating func finish() -> [ChatEvent] {
        var out: [ChatEvent] = []
        switch phase {
        case .ended: break
        case .finishing: end(.end(reason), &out)
        case .open:
            let message = "The upstream's answer stopped without a finish_reason or [DONE]."
            end(.fault(ChatFault(kind: .truncated, message: message, retryable: true)), &out)
        }
        return out
    }

    private mutating func end(_ event: ChatEvent, _ out: inout [ChatEvent]) {
        phase = .ended
        out.append(event)
    }

    private mutating func read(_ event: ServerSentEvent, _ out: inout [ChatEvent]) {
        if event.data.elementsEqual("[DONE]".utf8) { return end(.end(reason), &out) }
        let chunk: JSONValue
        do {
            chunk = try JSONReader.read(event.data)
        } catch {
            let fault = Self.protocolFault("The upstream sent broken JSON: at byte \(error.offset), \(error.reason).")
            return end(.fault(fault), &out)
        }
        if let problem = chunk["error"], !problem.isNull {
            return end(.fault(OpenAIChatError.fault(from: problem)), &out)
        }
        guard case .object = chunk else {
            return end(.fault(Self.protocolFault("The upstream sent JSON that is no object.")), &out)
        }
        // Only the first of several choices is typed.
        let choice = chunk["choices"]?.array?.first { ($0["index"]?.integer ?? 0) == 0 }
        if let delta = choice?["delta"] { read(delta: delta, &out) }
        let usage = chunk["usage"].flatMap(Self.usage)
        if let usage { out.append(.usage(usage)) }
        if let word = choice?["finish_reason"]?.text, !word.isEmpty {
            reason = Self.reason(word)
            phase = .finishing
        }
        if phase == .finishing, !wantsUsage || usage != nil { end(.end(reason), &out) }
    }

    private func read(delta: JSONValue, _ out: inout [ChatEvent]) {
        for name in ["reasoning_content", "reasoning"] {
            guard let bytes = delta[name]?.bytes, !bytes.isEmpty else { continue }
            out.append(.reasoning(bytes))
            break
        }
        if let bytes = delta["content"]?.bytes, !bytes.isEmpty { out.append(.text(bytes)) }
        if let bytes = delta["refusal"]?.bytes, !bytes.isEmpty { out.append(.refusal(bytes)) }
        for call in delta["tool_calls"]?.array ?? [] {
            out.append(
                .toolCall(
                    ToolCallDelta(
                        index: call["index"]?.integer ?? 0,
                        id: call["id"]?.text,
                        name: call["function"]?["name"]?.text,
                        arguments: call["function"]?["arguments"]?.bytes ?? []
                    )
                )
            )
        }
    }

    private static func usage(_ value: JSONValue) -> Usage? {
        guard let input = value["prompt_tokens"]?.integer, let output = value["completion_tokens"]?.integer else {
            return nil
        }
        return Usage(inputTokens: input, outputTokens: output)
    }

    private static func reason(_ word: String) -> FinishReason {
        switch word {
        case "length": .length
        case "tool_calls", "function_call": .toolCalls
        case "content_filter": .contentFilter
        default: .stop
        }
    }

    private static func protocolFault(_ message: String) -> ChatFault {
        ChatFault(kind: .upstreamProtocol, message: message, retryable: false)
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Reads the streamed answer of OpenAI's chat completions, and of the many servers that speak alike.
///
/// A state machine: bytes of the body in, events out; the last is `end` or `fault`, and nothing comes after it.
/// `finish_reason` or `[DONE]` makes an answer whole: servers exist that send but one of them. Token counts come
/// once, right before the last event: those that were told last.
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
    private var usage: Usage?
    private var toolCalls = OpenAIToolCallTracker()
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
        let (payloads, fault) = Self.events(in: bytes, &events)
        var out: [ChatEvent] = []
        for payload in payloads where phase != .ended { read(payload.data, &out) }
        if let fault, phase != .ended { end(.fault(fault), &out) }
        return out
    }

    /// The body has ended as its framing says it should. An event that lacks only its blank line is taken.
    public mutating func finish() -> [ChatEvent] {
        guard phase != .ended else { return [] }
        var out: [ChatEvent] = []
        var last: [UInt8] = []
        try? events.feed([0x0A, 0x0A].span) { last = $0.data }
        if Self.isDone(last) || (try? JSONReader.read(last)) != nil { read(last, &out) }
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
        if let usage { out.append(.usage(usage)) }
        out.append(event)
    }

    private mutating func read(_ data: [UInt8], _ out: inout [ChatEvent]) {
        if Self.isDone(data) { return end(.end(reason), &out) }
        if data.allSatisfy(Self.isSpace) { return }
        let chunk: JSONValue
        do {
            chunk = try JSONReader.read(data)
        } catch {
            let fault = Self.protocolFault("The upstream sent broken JSON: at byte \(error.offset), \(error.reason).")
            return end(.fault(fault), &out)
        }
        guard case .object = chunk else {
            return end(.fault(Self.protocolFault("The upstream sent JSON that is no object.")), &out)
        }
        if let problem = OpenAIChatError.problem(in: chunk) {
            return end(.fault(OpenAIChatError.fault(from: problem)), &out)
        }
        read(chunk: chunk, &out)
    }

    private mutating func read(chunk: JSONValue, _ out: inout [ChatEvent]) {
        // Only the first of several choices is typed.
        let choice = chunk["choices"]?.array?.first { ($0["index"]?.integer ?? 0) == 0 }
        if let delta = choice?["delta"] {
            out += OpenAIChatDelta.events(of: delta)
            readToolCalls(delta, &out)
            if phase == .ended { return }
        }
        let told = chunk["usage"].flatMap(Usage.init(openAI:))
        if let told { usage = told }
        if let word = choice?["finish_reason"]?.text, !word.isEmpty {
            if word == "error" {
                let message = "The upstream ended its answer with an error, and gave no reason."
                return end(.fault(ChatFault(kind: .upstreamError, message: message, retryable: true)), &out)
            }
            reason = FinishReason(openAIWord: word)
            phase = .finishing
        }
        if phase == .finishing, !wantsUsage || told != nil { end(.end(reason), &out) }
    }

    private mutating func readToolCalls(_ delta: JSONValue, _ out: inout [ChatEvent]) {
        var fragments = delta["tool_calls"]?.array ?? []
        // The deprecated form has one call, without an id.
        if let function = delta["function_call"], function.members != nil {
            fragments.append(
                .object([
                    JSONValue.Member(name: "index", value: .number("0")),
                    JSONValue.Member(name: "function", value: function),
                ])
            )
        }
        for fragment in fragments {
            guard let delta = toolCalls.delta(of: fragment) else {
                let message = "The upstream's answer has more than \(OpenAIToolCallTracker.maximumCalls) tool calls."
                return end(.fault(Self.protocolFault(message)), &out)
            }
            out.append(.toolCall(delta))
        }
    }

    private static func isDone(_ data: [UInt8]) -> Bool {
        guard let first = data.firstIndex(where: { !isSpace($0) }),
            let last = data.lastIndex(where: { !isSpace($0) })
        else { return false }
        return data[first...last].elementsEqual("[DONE]".utf8)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}

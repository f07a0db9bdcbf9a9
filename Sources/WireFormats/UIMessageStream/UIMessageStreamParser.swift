// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Reads an answer that comes as a UI message stream (ai-sdk-ui-stream.md, parts 2 and 3).
///
/// A state machine: bytes of the body in, events out; the last is `end` or `fault`, and nothing comes after it. The
/// part `finish` or `[DONE]` makes an answer whole. Parts that no other format has are passed over.
public struct UIMessageStreamParser: AnswerParser {
    /// A call whose input comes in pieces.
    private struct Call {
        let index: Int
        /// Pieces of its input have come, so it is not taken again when it comes whole.
        var hasInput = false
    }

    private static let mostCalls = 1024

    private var events: EventStreamParser
    private var calls: [String: Call] = [:]
    private var hasEnded = false

    /// - Parameter limit: The most bytes of one line or event.
    public init(limit: Int = 8 << 20) {
        events = EventStreamParser(limit: limit)
    }

    public mutating func feed(_ bytes: [UInt8]) -> [ChatEvent] {
        guard !hasEnded else { return [] }
        let (payloads, fault) = Self.events(in: bytes, &events)
        var out: [ChatEvent] = []
        for payload in payloads where !hasEnded { read(payload.data, &out) }
        if let fault, !hasEnded { end(.fault(fault), &out) }
        return out
    }

    public mutating func finish() -> [ChatEvent] {
        var out: [ChatEvent] = []
        guard !hasEnded else { return out }
        let message = "The upstream's answer stopped without a part \"finish\" or [DONE]."
        end(.fault(ChatFault(kind: .truncated, message: message, retryable: true)), &out)
        return out
    }

    private mutating func end(_ event: ChatEvent, _ out: inout [ChatEvent]) {
        hasEnded = true
        calls = [:]
        out.append(event)
    }

    private mutating func read(_ payload: [UInt8], _ out: inout [ChatEvent]) {
        if payload.elementsEqual("[DONE]".utf8) { return end(.end(calls.isEmpty ? .stop : .toolCalls), &out) }
        let part: JSONValue
        do {
            part = try JSONReader.read(payload)
        } catch {
            let message = "The upstream sent broken JSON: at byte \(error.offset), \(error.reason)."
            return end(.fault(Self.protocolFault(message)), &out)
        }
        guard part.members != nil else {
            return end(.fault(Self.protocolFault("The upstream sent JSON that is no object.")), &out)
        }
        switch part["type"]?.text {
        case "text-delta": if let bytes = Self.piece(part, "delta") { out.append(.text(bytes)) }
        case "reasoning-delta": if let bytes = Self.piece(part, "delta") { out.append(.reasoning(bytes)) }
        case "tool-input-start": begin(part, &out)
        case "tool-input-delta": readInput(part, &out)
        case "tool-input-available", "tool-input-error": readWholeInput(part, &out)
        case "message-metadata": readUsage(part, &out)
        case "finish": readFinish(part, &out)
        case "error":
            let message = part["errorText"]?.text ?? "The upstream gave no reason."
            end(.fault(ChatFault(kind: .upstreamError, message: message, retryable: false)), &out)
        case "abort":
            let message = "The upstream's answer was called off."
            end(.fault(ChatFault(kind: .cancelled, message: message, retryable: true)), &out)
        default: break
        }
    }

    private static func piece(_ part: JSONValue, _ name: String) -> [UInt8]? {
        guard let bytes = part[name]?.bytes, !bytes.isEmpty else { return nil }
        return bytes
    }

    // MARK: Tools

    private mutating func begin(_ part: JSONValue, _ out: inout [ChatEvent]) {
        guard let id = part["toolCallId"]?.text, calls[id] == nil else { return }
        guard calls.count < Self.mostCalls else {
            let message = "The upstream's answer has more than \(Self.mostCalls) tool calls."
            return end(.fault(Self.protocolFault(message)), &out)
        }
        let call = Call(index: calls.count)
        calls[id] = call
        let name = part["toolName"]?.text ?? ""
        out.append(.toolCall(ToolCallDelta(index: call.index, id: id, name: name, arguments: [])))
    }

    private mutating func readInput(_ part: JSONValue, _ out: inout [ChatEvent]) {
        guard let id = part["toolCallId"]?.text, let call = calls[id] else { return }
        guard let bytes = Self.piece(part, "inputTextDelta") else { return }
        calls[id]?.hasInput = true
        out.append(.toolCall(ToolCallDelta(index: call.index, id: nil, name: nil, arguments: bytes)))
    }

    /// An input that has come in pieces comes once more at its end; one that has not comes only so.
    private mutating func readWholeInput(_ part: JSONValue, _ out: inout [ChatEvent]) {
        begin(part, &out)
        guard !hasEnded, let id = part["toolCallId"]?.text, let call = calls[id], !call.hasInput else { return }
        calls[id]?.hasInput = true
        let bytes = part["input"].map { $0.bytes ?? $0.jsonBytes } ?? Array("{}".utf8)
        out.append(.toolCall(ToolCallDelta(index: call.index, id: nil, name: nil, arguments: bytes)))
    }

    // MARK: The end

    private func readUsage(_ part: JSONValue, _ out: inout [ChatEvent]) {
        guard let usage = part["messageMetadata"]?["usage"], let input = usage["inputTokens"]?.integer,
            let output = usage["outputTokens"]?.integer, input >= 0, output >= 0
        else { return }
        out.append(.usage(Usage(inputTokens: input, outputTokens: output)))
    }

    private mutating func readFinish(_ part: JSONValue, _ out: inout [ChatEvent]) {
        readUsage(part, &out)
        let word = part["finishReason"]?.text
        guard word != "error" else {
            let message = "The upstream ended its answer with an error, and told no more."
            return end(.fault(ChatFault(kind: .upstreamError, message: message, retryable: false)), &out)
        }
        end(.end(word == nil && !calls.isEmpty ? .toolCalls : FinishReason(uiMessageWord: word)), &out)
    }
}

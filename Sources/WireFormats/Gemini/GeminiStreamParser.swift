// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Reads the streamed answer of Gemini's API (gemini.md, Streaming transcripts): Server-Sent Events, in which an
/// error may stand as a bare object, or one JSON array.
///
/// A state machine: bytes of the body in, events out; the last is `end` or `fault`, and nothing comes after it. Only
/// the first candidate is read. Its `finishReason`, or that the prompt is blocked, makes an answer whole.
public struct GeminiStreamParser: AnswerParser {
    private enum Form {
        case events
        /// Objects from here on to the end.
        case objects
    }

    /// More calls in one answer are no answer.
    private static let maximumCalls = 1024

    private var events: EventStreamParser
    private var splitter: GeminiObjectSplitter
    private var form = Form.events
    private var isLineStart = true
    private var hasEnded = false
    private var callCount = 0

    /// - Parameter limit: The most bytes of one response.
    public init(limit: Int = 8 << 20) {
        events = EventStreamParser(limit: limit)
        splitter = GeminiObjectSplitter(limit: limit)
    }

    public mutating func feed(_ bytes: [UInt8]) -> [ChatEvent] {
        guard !hasEnded else { return [] }
        var payloads: [[UInt8]] = []
        var out: [ChatEvent] = []
        var fault: ChatFault?
        do {
            try split(bytes, &payloads)
        } catch {
            fault = error
        }
        for payload in payloads where !hasEnded { read(payload, &out) }
        if let fault, !hasEnded { end(.fault(fault), &out) }
        return out
    }

    public mutating func finish() -> [ChatEvent] {
        guard !hasEnded else { return [] }
        var out: [ChatEvent] = []
        let message = "The upstream's answer stopped without a finishReason."
        end(.fault(ChatFault(kind: .truncated, message: message, retryable: true)), &out)
        return out
    }

    private mutating func split(_ bytes: [UInt8], _ payloads: inout [[UInt8]]) throws(ChatFault) {
        var index = 0
        while form == .events, index < bytes.count {
            if isLineStart, bytes[index] == UInt8(ascii: "{") || bytes[index] == UInt8(ascii: "[") {
                form = .objects
                // What the last line has begun is an event, though no blank line follows.
                try feedEvents([0x0A, 0x0A], &payloads)
                break
            }
            let end = bytes[index...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
            isLineStart = bytes[end - 1] == 0x0A
            try feedEvents(bytes[index..<end], &payloads)
            index = end
        }
        guard form == .objects else { return }
        do {
            try splitter.feed(bytes[index...]) { payloads.append($0) }
        } catch {
            switch error {
            case .tooLarge(let limit):
                throw Self.protocolFault("A response of the upstream has more than \(limit) bytes.")
            case .stranger(let byte):
                throw Self.protocolFault("The upstream sent a byte \(byte) where a JSON object was expected.")
            }
        }
    }

    private mutating func feedEvents(_ bytes: ArraySlice<UInt8>, _ payloads: inout [[UInt8]]) throws(ChatFault) {
        do {
            try events.feed(bytes.span) { payloads.append($0.data) }
        } catch {
            throw Self.protocolFault("An event of the upstream has more than \(error.limit) bytes.")
        }
    }

    private mutating func end(_ event: ChatEvent, _ out: inout [ChatEvent]) {
        hasEnded = true
        out.append(event)
    }

    private mutating func read(_ payload: [UInt8], _ out: inout [ChatEvent]) {
        let response: JSONValue
        do {
            response = try JSONReader.read(payload)
        } catch {
            let fault = Self.protocolFault("The upstream sent broken JSON: at byte \(error.offset), \(error.reason).")
            return end(.fault(fault), &out)
        }
        guard case .object = response else {
            return end(.fault(Self.protocolFault("The upstream sent JSON that is no object.")), &out)
        }
        if let problem = response["error"], !problem.isNull { return end(.fault(Self.fault(of: problem)), &out) }
        let candidate = response["candidates"]?.array?.first { ($0["index"]?.integer ?? 0) == 0 }
        for part in candidate?["content"]?["parts"]?.array ?? [] where !hasEnded { read(part: part, &out) }
        if hasEnded { return }
        let reason = candidate?["finishReason"]?.text ?? ""
        let isBlocked = candidate == nil && response["promptFeedback"]?["blockReason"]?.text != nil
        guard isBlocked || !["", "FINISH_REASON_UNSPECIFIED"].contains(reason) else { return }
        if let usage = response["usageMetadata"].flatMap(Self.usage) { out.append(.usage(usage)) }
        end(isBlocked ? .end(.contentFilter) : ending(reason), &out)
    }

    private mutating func read(part: JSONValue, _ out: inout [ChatEvent]) {
        if let text = part["text"]?.bytes, !text.isEmpty {
            out.append(part["thought"] == .bool(true) ? .reasoning(text) : .text(text))
        }
        guard let call = part["functionCall"], call.members != nil else { return }
        guard callCount < Self.maximumCalls else {
            let message = "The upstream's answer has more than \(Self.maximumCalls) tool calls."
            return end(.fault(Self.protocolFault(message)), &out)
        }
        out.append(
            .toolCall(
                ToolCallDelta(
                    index: callCount,
                    id: call["id"]?.text,
                    name: call["name"]?.text ?? "",
                    arguments: call["args"].flatMap { $0.members == nil ? nil : $0.jsonBytes } ?? Array("{}".utf8)
                )
            )
        )
        callCount += 1
    }

    private func ending(_ reason: String) -> ChatEvent {
        switch reason {
        case "MAX_TOKENS": return .end(.length)
        case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY":
            return .end(.contentFilter)
        case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE":
            let message = "The upstream's model made a call that cannot be told: \(reason)."
            return .fault(ChatFault(kind: .upstreamError, message: message, retryable: true))
        default: return .end(callCount > 0 ? .toolCalls : .stop)
        }
    }

    static func usage(_ value: JSONValue) -> Usage? {
        guard value["promptTokenCount"]?.integer != nil else { return nil }
        let thoughts = count(value["thoughtsTokenCount"])
        return Usage(
            inputTokens: count(value["promptTokenCount"]),
            outputTokens: count(value["candidatesTokenCount"]) + thoughts,
            reasoningTokens: thoughts,
            cachedTokens: count(value["cachedContentTokenCount"])
        )
    }

    /// In bounds in which counts can be added up, whatever an upstream says.
    private static func count(_ value: JSONValue?) -> Int {
        min(max(0, value?.integer ?? 0), 1 << 40)
    }

    private static func fault(of problem: JSONValue) -> ChatFault {
        ChatFault(
            kind: .upstreamError,
            message: problem["message"]?.text ?? problem.text ?? "The upstream gave no reason.",
            retryable: problem["code"]?.integer.map(ChatFault.isRetryable) ?? false
        )
    }
}

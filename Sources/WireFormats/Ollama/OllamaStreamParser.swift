// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// Reads the streamed answer of Ollama's `/api/chat` and `/api/generate`: a JSON object a line.
///
/// A state machine: bytes of the body in, events out; the last is `end` or `fault`, and nothing comes after it. Only
/// `done` makes an answer whole. Tool calls come whole.
public struct OllamaStreamParser: AnswerParser {
    /// More calls in one answer are no answer.
    private static let maximumCalls = 1024

    /// The most bytes of one line.
    private let limit: Int
    private var line: [UInt8] = []
    private var callCount = 0
    private var hasEnded = false

    /// - Parameter limit: The most bytes of one line.
    public init(limit: Int = 8 << 20) {
        self.limit = limit
    }

    public mutating func feed(_ bytes: [UInt8]) -> [ChatEvent] {
        var out: [ChatEvent] = []
        var rest = bytes[...]
        while !hasEnded, !rest.isEmpty {
            let lineEnd = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            guard line.count + lineEnd - rest.startIndex <= limit else {
                end(.fault(Self.protocolFault("A line of the upstream has more than \(limit) bytes.")), &out)
                break
            }
            line += rest[..<lineEnd]
            guard lineEnd < rest.endIndex else { break }
            readLine(&out)
            rest = rest[(lineEnd + 1)...]
        }
        return out
    }

    public mutating func finish() -> [ChatEvent] {
        var out: [ChatEvent] = []
        // The last line may lack its end, but no more than that.
        if !hasEnded, JSONBrackets.areClosed(in: line) { readLine(&out) }
        if !hasEnded {
            let message = "The upstream's answer stopped before its last line, the one with \"done\":true."
            end(.fault(ChatFault(kind: .truncated, message: message, retryable: true)), &out)
        }
        return out
    }

    private mutating func end(_ event: ChatEvent, _ out: inout [ChatEvent]) {
        hasEnded = true
        line = []
        out.append(event)
    }

    private mutating func readLine(_ out: inout [ChatEvent]) {
        let bytes = line
        line = []
        // Some proxies keep a line open with blank ones.
        guard bytes.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { return }
        do {
            read(try JSONReader.read(bytes), &out)
        } catch {
            let message = "The upstream sent broken JSON: at byte \(error.offset), \(error.reason)."
            end(.fault(Self.protocolFault(message)), &out)
        }
    }

    private mutating func read(_ object: JSONValue, _ out: inout [ChatEvent]) {
        guard object.members != nil else {
            return end(.fault(Self.protocolFault("The upstream sent JSON that is no object.")), &out)
        }
        if let problem = object["error"], !problem.isNull {
            // What a request does wrong has an HTTP status; what comes in a stream is the server's own trouble.
            let message = problem.text ?? problem["message"]?.text ?? "The upstream gave no reason."
            return end(.fault(ChatFault(kind: .upstreamError, message: message, retryable: true)), &out)
        }
        let message = object["message"] ?? object
        if let bytes = message["thinking"]?.bytes, !bytes.isEmpty { out.append(.reasoning(bytes)) }
        if let bytes = (message["content"] ?? message["response"])?.bytes, !bytes.isEmpty { out.append(.text(bytes)) }
        for call in message["tool_calls"]?.array ?? [] where !hasEnded { read(call: call, &out) }
        guard !hasEnded, object["done"]?.bool == true else { return }
        if let usage = Self.usage(object) { out.append(.usage(usage)) }
        end(.end(reason(object["done_reason"]?.text)), &out)
    }

    private mutating func read(call: JSONValue, _ out: inout [ChatEvent]) {
        guard callCount < Self.maximumCalls else {
            let message = "The upstream's answer has more than \(Self.maximumCalls) tool calls."
            return end(.fault(Self.protocolFault(message)), &out)
        }
        let function = call["function"]
        let arguments = function?["arguments"]
        let delta = ToolCallDelta(
            index: callCount,
            id: call["id"]?.text,
            name: function?["name"]?.text ?? "",
            arguments: arguments?.bytes ?? arguments?.jsonBytes ?? Array("{}".utf8)
        )
        callCount += 1
        out.append(.toolCall(delta))
    }

    private func reason(_ word: String?) -> FinishReason {
        if word == "length" { return .length }
        return callCount > 0 ? .toolCalls : .stop
    }

    static func usage(_ object: JSONValue) -> Usage? {
        let input = object["prompt_eval_count"]?.integer
        let output = object["eval_count"]?.integer
        guard input != nil || output != nil else { return nil }
        // A prompt that was cached whole has no count.
        return Usage(inputTokens: max(input ?? 0, 0), outputTokens: max(output ?? 0, 0))
    }
}

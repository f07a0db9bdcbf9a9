// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Writes an answer as a stream of `GenerateContentResponse`s (gemini.md, Streaming transcripts).
///
/// Server-Sent Events with CRLF, or the items of one JSON array. Clients take nothing else: no comment, no `[DONE]`.
/// Each response has the counts so far, a unit counting as a token; a tool call is told when it is whole; the last
/// response of a candidate says why it ends, and the very last has the counts of the answer.
public struct GeminiRenderer: AnswerRenderer {
    private struct Candidate {
        var call: ToolCall?
        var callCount = 0
        var isBroken = false
        /// What follows a unit of text, up to the counts.
        let afterText: [UInt8]
        let afterThought: [UInt8]

        init(index: Int) {
            let end = #"}],"role":"model"},"index":\#(index)}],"#
            afterText = Array(end.utf8)
            afterThought = Array((#","thought":true"# + end).utf8)
        }
    }

    private static let opening = Array(#"{"candidates":[{"content":{"parts":[{"text":"#.utf8)

    private let identity: AnswerIdentity
    private let isEventStream: Bool
    private let usage: GeminiUsage
    private let ending: [UInt8]
    private var candidates: [Candidate]
    private var openCandidates: Int
    private var isFirst = true
    /// Units so far.
    private var thoughtCount = 0
    private var textCount = 0
    /// The last response but for its counts: the last parts of its candidate, why it ends, and which it is.
    private var last: (parts: [GeminiPart], finish: String, choice: Int)?

    init(identity: AnswerIdentity, choices: Int, isEventStream: Bool) {
        self.identity = identity
        self.isEventStream = isEventStream
        usage = GeminiUsage(inputTokens: identity.inputTokens)
        ending = GeminiBody.ending(for: identity)
        openCandidates = max(1, choices)
        candidates = (0..<openCandidates).map { Candidate(index: $0) }
    }

    public mutating func begin(into frames: inout FrameBuffer) {}

    public mutating func append(
        _ unit: Span<UInt8>,
        as piece: AnswerPiece,
        choice: Int,
        into frames: inout FrameBuffer
    ) {
        guard candidates.indices.contains(choice) else { return }
        if piece == .toolArguments {
            textCount += 1
            unit.withUnsafeBufferPointer { candidates[choice].call?.arguments.append(contentsOf: $0) }
            return
        }
        if candidates[choice].call != nil { flushCall(of: choice, into: &frames) }
        beginChunk(&frames.bytes)
        frames.bytes.append(contentsOf: Self.opening)
        JSONText.appendString(unit, to: &frames.bytes)
        if piece == .reasoning {
            thoughtCount += 1
            frames.bytes.append(contentsOf: candidates[choice].afterThought)
        } else {
            textCount += 1
            frames.bytes.append(contentsOf: candidates[choice].afterText)
        }
        usage.append(candidates: textCount, thoughts: thoughtCount, to: &frames.bytes)
        endChunk(&frames.bytes)
        frames.endFrame(.unit)
    }

    public mutating func beginToolCall(_ call: ToolCall, choice: Int, into frames: inout FrameBuffer) {
        guard candidates.indices.contains(choice) else { return }
        flushCall(of: choice, into: &frames)
        candidates[choice].call = call
    }

    public mutating func end(_ reason: FinishReason, choice: Int, into frames: inout FrameBuffer) {
        guard candidates.indices.contains(choice) else { return }
        let part = takeCall(of: choice)
        let isMalformed = candidates[choice].isBroken && reason == .toolCalls
        let finish = isMalformed ? "MALFORMED_FUNCTION_CALL" : reason.geminiName
        let parts = [part ?? .text([])]
        openCandidates -= 1
        if openCandidates == 0 {
            last = (parts, finish, choice)
        } else {
            append(parts, choice: choice, finish: finish, nil, into: &frames)
            frames.endFrame(.finish)
        }
    }

    public mutating func finish(_ usage: Usage, into frames: inout FrameBuffer) {
        if let last {
            append(last.parts, choice: last.choice, finish: last.finish, usage, into: &frames)
            frames.endFrame(.finish)
        }
        guard !isEventStream else { return }
        FrameEncoder.append(isFirst ? "[]" : "]", to: &frames.bytes)
        frames.endFrame(.terminator)
    }

    public mutating func fail(_ fault: ChatFault, into frames: inout FrameBuffer) {
        let problem = GeminiProblem.problem(of: fault)
        if isEventStream {
            GeminiProblem.appendIndented(problem, to: &frames.bytes)
        } else {
            beginChunk(&frames.bytes)
            frames.bytes += GeminiProblem.body(of: problem, requestID: "")
            FrameEncoder.append("]", to: &frames.bytes)
        }
        frames.endFrame(.failure)
    }

    public mutating func heartbeat(into frames: inout FrameBuffer) {}

    @inline(__always)
    private mutating func beginChunk(_ out: inout [UInt8]) {
        if isEventStream {
            FrameEncoder.append("data: ", to: &out)
        } else {
            FrameEncoder.append(isFirst ? "[" : ",\n", to: &out)
            isFirst = false
        }
    }

    @inline(__always)
    private func endChunk(_ out: inout [UInt8]) {
        out.append(contentsOf: ending)
        if isEventStream { FrameEncoder.append("\r\n\r\n", to: &out) }
    }

    /// - Parameter total: The counts of the whole answer; nil tells those so far.
    private mutating func append(
        _ parts: [GeminiPart],
        choice: Int,
        finish: String?,
        _ total: Usage?,
        into frames: inout FrameBuffer
    ) {
        var candidate = JSONText()
        candidate.array { GeminiBody.write(parts, at: choice, finish: finish, to: &$0) }
        beginChunk(&frames.bytes)
        FrameEncoder.append("{\"candidates\":", to: &frames.bytes)
        frames.bytes += candidate.bytes
        FrameEncoder.append(",", to: &frames.bytes)
        if let total {
            GeminiUsage.append(total, to: &frames.bytes)
        } else {
            usage.append(candidates: textCount, thoughts: thoughtCount, to: &frames.bytes)
        }
        endChunk(&frames.bytes)
    }

    private mutating func flushCall(of choice: Int, into frames: inout FrameBuffer) {
        guard let part = takeCall(of: choice) else { return }
        append([part], choice: choice, finish: nil, nil, into: &frames)
        frames.endFrame(.unit)
    }

    /// The call that is whole now; nil where there is none, or one that cannot be told.
    private mutating func takeCall(of choice: Int) -> GeminiPart? {
        guard let call = candidates[choice].call else { return nil }
        candidates[choice].call = nil
        let part = GeminiPart.call(call, at: candidates[choice].callCount, choice: choice, of: identity)
        candidates[choice].callCount += 1
        candidates[choice].isBroken = candidates[choice].isBroken || part == nil
        return part
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Writes the stream of a legacy completion (openai-chat.md, part 7).
///
/// The format knows text alone: a refusal is text in it, reasoning and tool calls are left out.
public struct OpenAICompletionsRenderer: AnswerRenderer {
    private let includesUsage: Bool
    private let topLogprobs: Int?
    private let echoes: [String]
    /// A chunk up to its choices.
    private let head: [UInt8]
    /// What follows the text of choice 0 in a chunk without log probabilities, its quotes apart.
    private let firstSuffix: [UInt8]
    /// What follows the choices.
    private let tail: [UInt8]
    /// For each choice the scalars that have been written, counted only where log probabilities are asked for.
    private var offsets: [Int]

    /// - Parameters:
    ///   - choices: How many answers the stream has, from 1.
    ///   - includesUsage: Token counts come in a chunk of their own, and `usage` is null in the others.
    ///   - topLogprobs: How many alternatives are told for each unit of text; nil for no log probabilities.
    ///   - echoes: The text before each choice's own; empty for none.
    public init(
        identity: AnswerIdentity,
        choices: Int = 1,
        includesUsage: Bool = false,
        topLogprobs: Int? = nil,
        echoes: [String] = []
    ) {
        self.includesUsage = includesUsage
        self.topLogprobs = topLogprobs
        self.echoes = echoes
        let object = JSONText.object { text in
            text.member("id", identity.name("cmpl-"))
            text.member("object", "text_completion")
            text.member("created", identity.createdSeconds)
            text.member("model", identity.model)
        }
        head = Array("data: ".utf8) + object.dropLast() + Array(",\"choices\":".utf8)
        tail = Array((includesUsage ? ",\"usage\":null}\n\n" : "}\n\n").utf8)
        firstSuffix = Array(",\"index\":0,\"logprobs\":null,\"finish_reason\":null}]".utf8) + tail
        offsets = Array(repeating: 0, count: choices)
    }

    /// The prompts, where they are to be repeated.
    public mutating func begin(into frames: inout FrameBuffer) {
        for (choice, echo) in echoes.enumerated() where choice < offsets.count {
            appendChunk(Array(echo.utf8).span, choice: choice, logprobs: nil, finish: nil, into: &frames)
            if topLogprobs != nil { offsets[choice] = echo.unicodeScalars.count }
            frames.endFrame(.structure)
        }
    }

    public mutating func append(
        _ unit: Span<UInt8>,
        as piece: AnswerPiece,
        choice: Int,
        into frames: inout FrameBuffer
    ) {
        guard piece == .text || piece == .refusal else { return }
        if let topLogprobs, piece == .text {
            let token = MadeUpLogprob(token: unit)
            let logprobs = OpenAICompletionsLogprobs.json([token], top: topLogprobs, offset: &offsets[choice])
            appendChunk(unit, choice: choice, logprobs: logprobs, finish: nil, into: &frames)
        } else if choice == 0 {
            frames.bytes.append(contentsOf: head)
            FrameEncoder.append("[{\"text\":", to: &frames.bytes)
            JSONText.appendString(unit, to: &frames.bytes)
            frames.bytes.append(contentsOf: firstSuffix)
        } else {
            appendChunk(unit, choice: choice, logprobs: nil, finish: nil, into: &frames)
        }
        frames.endFrame(.unit)
    }

    private func appendChunk(
        _ text: Span<UInt8>,
        choice: Int,
        logprobs: [UInt8]?,
        finish: String?,
        into frames: inout FrameBuffer
    ) {
        frames.bytes.append(contentsOf: head)
        FrameEncoder.append("[{\"text\":", to: &frames.bytes)
        JSONText.appendString(text, to: &frames.bytes)
        FrameEncoder.append(",\"index\":", to: &frames.bytes)
        FrameEncoder.appendDecimal(UInt64(choice), to: &frames.bytes)
        FrameEncoder.append(",\"logprobs\":", to: &frames.bytes)
        if let logprobs { frames.bytes.append(contentsOf: logprobs) } else { Self.appendNull(to: &frames) }
        FrameEncoder.append(",\"finish_reason\":", to: &frames.bytes)
        if let finish {
            JSONText.appendString(Array(finish.utf8).span, to: &frames.bytes)
        } else {
            Self.appendNull(to: &frames)
        }
        FrameEncoder.append("}]", to: &frames.bytes)
        frames.bytes.append(contentsOf: tail)
    }

    private static func appendNull(to frames: inout FrameBuffer) {
        FrameEncoder.append("null", to: &frames.bytes)
    }

    /// Writes nothing: a legacy completion has no tools.
    public mutating func beginToolCall(_ call: ToolCall, choice: Int, into frames: inout FrameBuffer) {}

    public mutating func end(_ reason: FinishReason, choice: Int, into frames: inout FrameBuffer) {
        let word = OpenAICompletionsBody.word(for: reason)
        appendChunk([UInt8]().span, choice: choice, logprobs: nil, finish: word, into: &frames)
        frames.endFrame(.finish)
    }

    public mutating func finish(_ usage: Usage, into frames: inout FrameBuffer) {
        let counts = includesUsage ? JSONText.object { $0.openAICompletionUsageMember(usage) } : nil
        frames.endOpenAIStream(head: head, counts: counts)
    }

    /// An error in place of a chunk, and no `[DONE]`.
    public mutating func fail(_ fault: ChatFault, into frames: inout FrameBuffer) {
        OpenAIProblem.appendFrame(of: fault, into: &frames)
    }

    public mutating func markContinued(into frames: inout FrameBuffer) {
        FrameEncoder.appendComment("continued by another model", to: &frames.bytes)
        frames.endFrame(.structure)
    }

    public mutating func heartbeat(into frames: inout FrameBuffer) {
        FrameEncoder.appendComment(to: &frames.bytes)
        frames.endFrame(.structure)
    }
}

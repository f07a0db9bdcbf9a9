// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Writes an answer as the events of Anthropic's messages (anthropic-messages.md, part 3).
///
/// Content blocks come strictly one at a time: what belongs to another kind of block closes the one that is open.
/// There is one choice, 0; what is said of others is dropped.
public struct AnthropicMessagesRenderer: AnswerRenderer {
    private enum Block {
        case text
        case thinking
        case toolUse
    }

    private let identity: AnswerIdentity
    private let omitsThinking: Bool
    private let requestID: String?
    private var open: Block?
    /// The index of the open block, or of the last one.
    private var index = -1
    /// What comes before the text of a unit of the open block.
    private var prefix: [UInt8] = []
    private let suffix = Array("}}\n\n".utf8)
    /// Kept until the token counts, for one event bears both.
    private var reason = FinishReason.stop
    private var hasEnded = false

    /// - Parameters:
    ///   - omitsThinking: Thinking blocks bear their signature only.
    ///   - requestID: For an error; nil where it is not known.
    public init(identity: AnswerIdentity, omitsThinking: Bool = false, requestID: String? = nil) {
        self.identity = identity
        self.omitsThinking = omitsThinking
        self.requestID = requestID
    }

    public mutating func begin(into frames: inout FrameBuffer) {
        Self.append("message_start", AnthropicMessage.start(for: identity), .structure, to: &frames)
    }

    public mutating func append(
        _ unit: Span<UInt8>,
        as piece: AnswerPiece,
        choice: Int,
        into frames: inout FrameBuffer
    ) {
        guard choice == 0, !unit.isEmpty, !hasEnded else { return }
        let block = Self.block(of: piece)
        if open != block {
            // Arguments belong to a call that has begun.
            guard block != .toolUse else { return }
            beginBlock(block, into: &frames)
        }
        if omitsThinking, block == .thinking { return }
        frames.bytes.append(contentsOf: prefix)
        JSONText.appendString(unit, to: &frames.bytes)
        frames.bytes.append(contentsOf: suffix)
        frames.endFrame(.unit)
    }

    public mutating func beginToolCall(_ call: ToolCall, choice: Int, into frames: inout FrameBuffer) {
        guard choice == 0, !hasEnded else { return }
        beginBlock(.toolUse, call: call, into: &frames)
        // The real API's first piece is empty, and the only one of a call without arguments.
        frames.bytes.append(contentsOf: prefix)
        FrameEncoder.append("\"\"", to: &frames.bytes)
        frames.bytes.append(contentsOf: suffix)
        frames.endFrame(.structure)
    }

    public mutating func end(_ reason: FinishReason, choice: Int, into frames: inout FrameBuffer) {
        guard choice == 0, !hasEnded else { return }
        closeBlock(into: &frames)
        self.reason = reason
    }

    public mutating func finish(_ usage: Usage, into frames: inout FrameBuffer) {
        guard !hasEnded else { return }
        closeBlock(into: &frames)
        hasEnded = true
        Self.append("message_delta", AnthropicMessage.delta(reason, usage: usage), .finish, to: &frames)
        Self.append("message_stop", Array(#"{"type":"message_stop"}"#.utf8), .terminator, to: &frames)
    }

    public mutating func fail(_ fault: ChatFault, into frames: inout FrameBuffer) {
        guard !hasEnded else { return }
        hasEnded = true
        let type = AnthropicProblem.type(for: fault)
        let data = AnthropicProblem.body(type: type, message: fault.message, requestID: requestID)
        Self.append("error", data, .failure, to: &frames)
    }

    public mutating func markContinued(into frames: inout FrameBuffer) {
        FrameEncoder.appendComment("continued by another model", to: &frames.bytes)
        frames.endFrame(.structure)
    }

    public mutating func heartbeat(into frames: inout FrameBuffer) {
        guard !hasEnded else { return }
        Self.append("ping", Array(#"{"type":"ping"}"#.utf8), .structure, to: &frames)
    }

    private static func block(of piece: AnswerPiece) -> Block {
        switch piece {
        case .text, .refusal: .text
        case .reasoning: .thinking
        case .toolArguments: .toolUse
        }
    }

    private mutating func beginBlock(_ block: Block, call: ToolCall? = nil, into frames: inout FrameBuffer) {
        closeBlock(into: &frames)
        open = block
        index += 1
        let start = JSONText.object { text in
            text.member("type", "content_block_start")
            text.member("index", index)
            text.objectMember("content_block") { text in describe(block, call, in: &text) }
        }
        Self.append("content_block_start", start, .structure, to: &frames)
        if index == 0 { heartbeat(into: &frames) }
        prefix = deltaPrefix(of: block)
    }

    private func describe(_ block: Block, _ call: ToolCall?, in text: inout JSONText) {
        switch block {
        case .text:
            text.member("type", "text")
            text.member("text", "")
        case .thinking:
            text.member("type", "thinking")
            text.member("thinking", "")
            text.member("signature", "")
        case .toolUse:
            text.member("type", "tool_use")
            text.member("id", call.map { AnthropicNames(identity).tool($0, block: index) } ?? "")
            text.member("name", call?.name ?? "")
            text.objectMember("input") { _ in }
        }
    }

    private func deltaPrefix(of block: Block) -> [UInt8] {
        let start = #"{"type":"content_block_delta","index":\#(index),"delta":{"type":"#
        let kind =
            switch block {
            case .text: #""text_delta","text":"#
            case .thinking: #""thinking_delta","thinking":"#
            case .toolUse: #""input_json_delta","partial_json":"#
            }
        return Array("event: content_block_delta\ndata: \(start)\(kind)".utf8)
    }

    private mutating func closeBlock(into frames: inout FrameBuffer) {
        guard let block = open else { return }
        open = nil
        if block == .thinking {
            let signature = JSONText.object { text in
                text.member("type", "content_block_delta")
                text.member("index", index)
                text.objectMember("delta") { text in
                    text.member("type", "signature_delta")
                    text.member("signature", AnthropicNames(identity).signature(block: index))
                }
            }
            Self.append("content_block_delta", signature, .structure, to: &frames)
        }
        let stop = Array(#"{"type":"content_block_stop","index":\#(index)}"#.utf8)
        Self.append("content_block_stop", stop, .structure, to: &frames)
    }

    private static func append(
        _ name: StaticString,
        _ data: [UInt8],
        _ kind: FrameBuffer.Kind,
        to frames: inout FrameBuffer
    ) {
        FrameEncoder.appendEventName(name, to: &frames.bytes)
        FrameEncoder.appendData(data.span, to: &frames.bytes)
        frames.endFrame(kind)
    }
}

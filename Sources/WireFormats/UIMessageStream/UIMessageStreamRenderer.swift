// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Writes an answer as parts of a UI message (ai-sdk-ui-stream.md, parts 2 and 3).
///
/// No part has a field that is not in the table there: older clients refuse the whole stream for it. A refusal is
/// text, as the protocol has no part for it.
public struct UIMessageStreamRenderer: AnswerRenderer {
    /// What is being said.
    private enum Block: Equatable {
        case text(id: String)
        case reasoning(id: String)
        case toolInput(ToolCall)
    }

    private static let unitEnding = Array("}\n\n".utf8)

    private let identity: AnswerIdentity
    private let messageID: String
    private let wantsUsage: Bool
    private var block: Block?
    /// A unit's frame up to its text.
    private var unitOpening: [UInt8] = []
    /// The arguments of the call that is being said: they are told once more when they are whole.
    private var arguments: [UInt8] = []
    private var textCount = 0
    private var reasoningCount = 0
    private var callCount = 0
    private var reason = FinishReason.stop

    init(identity: AnswerIdentity, messageID: String, wantsUsage: Bool) {
        self.identity = identity
        self.messageID = messageID
        self.wantsUsage = wantsUsage
    }

    public mutating func begin(into frames: inout FrameBuffer) {
        appendPart("start", as: .structure, into: &frames) { $0.member("messageId", messageID) }
        appendPart("start-step", as: .structure, into: &frames)
    }

    public mutating func append(
        _ unit: Span<UInt8>,
        as piece: AnswerPiece,
        choice: Int,
        into frames: inout FrameBuffer
    ) {
        switch (piece, block) {
        case (.text, .text), (.refusal, .text), (.reasoning, .reasoning): break
        case (.toolArguments, .toolInput):
            unit.withUnsafeBufferPointer { arguments.append(contentsOf: $0) }
        // Arguments of no call.
        case (.toolArguments, _): return
        case (.text, _), (.refusal, _): beginText(into: &frames)
        case (.reasoning, _): beginReasoning(into: &frames)
        }
        frames.bytes.append(contentsOf: unitOpening)
        JSONText.appendString(unit, to: &frames.bytes)
        frames.bytes.append(contentsOf: Self.unitEnding)
        frames.endFrame(.unit)
    }

    public mutating func beginToolCall(_ call: ToolCall, choice: Int, into frames: inout FrameBuffer) {
        endBlock(into: &frames)
        var call = call
        call.id = identity.toolCallID(of: call, at: callCount)
        callCount += 1
        block = .toolInput(call)
        unitOpening = Self.opening("tool-input-delta", ("toolCallId", call.id), text: "inputTextDelta")
        appendPart("tool-input-start", as: .structure, into: &frames) { text in
            text.member("toolCallId", call.id)
            text.member("toolName", call.name)
        }
    }

    public mutating func end(_ reason: FinishReason, choice: Int, into frames: inout FrameBuffer) {
        endBlock(into: &frames)
        self.reason = reason
        appendPart("finish-step", as: .structure, into: &frames)
    }

    public mutating func finish(_ usage: Usage, into frames: inout FrameBuffer) {
        appendPart("finish", as: .finish, into: &frames) { text in
            text.member("finishReason", reason.uiMessageWord)
            guard wantsUsage else { return }
            text.objectMember("messageMetadata") { text in
                text.objectMember("usage") { text in
                    text.member("inputTokens", usage.inputTokens)
                    text.member("outputTokens", usage.outputTokens)
                    text.member("totalTokens", usage.totalTokens)
                }
            }
        }
        appendDone(into: &frames)
    }

    public mutating func fail(_ fault: ChatFault, into frames: inout FrameBuffer) {
        appendPart("error", as: .failure, into: &frames) { $0.member("errorText", fault.message) }
        // Not a sign of success here: it ends every stream (part 3, error in mid-stream).
        appendDone(into: &frames)
    }

    public mutating func markContinued(into frames: inout FrameBuffer) {
        FrameEncoder.appendComment("continued by another model", to: &frames.bytes)
        frames.endFrame(.structure)
    }

    public mutating func heartbeat(into frames: inout FrameBuffer) {
        FrameEncoder.appendComment(to: &frames.bytes)
        frames.endFrame(.structure)
    }

    // MARK: Blocks

    private mutating func beginText(into frames: inout FrameBuffer) {
        endBlock(into: &frames)
        let id = "txt-\(textCount)"
        textCount += 1
        block = .text(id: id)
        unitOpening = Self.opening("text-delta", ("id", id), text: "delta")
        appendPart("text-start", as: .structure, into: &frames) { $0.member("id", id) }
    }

    private mutating func beginReasoning(into frames: inout FrameBuffer) {
        endBlock(into: &frames)
        let id = "rsn-\(reasoningCount)"
        reasoningCount += 1
        block = .reasoning(id: id)
        unitOpening = Self.opening("reasoning-delta", ("id", id), text: "delta")
        appendPart("reasoning-start", as: .structure, into: &frames) { $0.member("id", id) }
    }

    private mutating func endBlock(into frames: inout FrameBuffer) {
        switch block {
        case nil: break
        case .text(let id): appendPart("text-end", as: .structure, into: &frames) { $0.member("id", id) }
        case .reasoning(let id): appendPart("reasoning-end", as: .structure, into: &frames) { $0.member("id", id) }
        case .toolInput(let call): appendInput(of: call, into: &frames)
        }
        block = nil
    }

    /// Tells the arguments whole: as the object that they are, or as what is wrong with them.
    private mutating func appendInput(of call: ToolCall, into frames: inout FrameBuffer) {
        let written = arguments
        arguments = []
        let input = written.isEmpty ? JSONValue.object([]) : try? JSONReader.read(written)
        let isObject = input?.members != nil
        appendPart(isObject ? "tool-input-available" : "tool-input-error", as: .structure, into: &frames) { text in
            text.member("toolCallId", call.id)
            text.member("toolName", call.name)
            text.name("input")
            if isObject, let input { text.value(input) } else { text.string(String(decoding: written, as: UTF8.self)) }
            if !isObject { text.member("errorText", "The arguments of the tool \(call.name) are no JSON object.") }
        }
    }

    // MARK: Frames

    private static func opening(_ type: String, _ id: (name: String, value: String), text name: String) -> [UInt8] {
        var start = JSONText.object { text in
            text.member("type", type)
            text.member(id.name, id.value)
        }
        start.removeLast()
        return Array("data: ".utf8) + start + Array(",\"\(name)\":".utf8)
    }

    private func appendPart(
        _ type: String,
        as kind: FrameBuffer.Kind,
        into frames: inout FrameBuffer,
        _ members: (inout JSONText) -> Void = { _ in }
    ) {
        let part = JSONText.object { text in
            text.member("type", type)
            members(&text)
        }
        FrameEncoder.appendData(part.span, to: &frames.bytes)
        frames.endFrame(kind)
    }

    private func appendDone(into frames: inout FrameBuffer) {
        frames.bytes.append(contentsOf: "data: [DONE]\n\n".utf8)
        frames.endFrame(.terminator)
    }
}

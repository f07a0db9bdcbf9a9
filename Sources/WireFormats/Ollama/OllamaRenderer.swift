// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// Writes an answer as lines of JSON (ollama.md, Stream).
///
/// Ollama has one answer to a request, no refusals of their own, and tells a tool call only when it is whole. There
/// is nothing that keeps a line open: its clients read each line as JSON.
public struct OllamaRenderer: AnswerRenderer {
    private let kind: OllamaKind
    private let identity: AnswerIdentity
    private let model: String
    private var head: OllamaLineHead
    private let textOpening: [UInt8]
    private let thinkingOpening: [UInt8]
    private let ending: [UInt8]
    private var call: ToolCall?
    private var callCount = 0
    private var reason = FinishReason.stop

    init(_ kind: OllamaKind, for identity: AnswerIdentity) {
        self.kind = kind
        self.identity = identity
        model = OllamaModelName.tagged(identity.model)
        head = OllamaLineHead(model: model, created: identity.created)
        textOpening = kind.opening
        thinkingOpening = kind.opening + Array(#""","thinking":"#.utf8)
        ending = kind.closing + Array(",\"done\":false}\n".utf8)
    }

    public mutating func begin(into frames: inout FrameBuffer) {}

    public mutating func append(
        _ unit: Span<UInt8>,
        as piece: AnswerPiece,
        choice: Int,
        into frames: inout FrameBuffer
    ) {
        if piece == .toolArguments {
            unit.withUnsafeBufferPointer { call?.arguments.append(contentsOf: $0) }
            return
        }
        endCall(into: &frames)
        appendLine(unit, after: piece == .reasoning ? thinkingOpening : textOpening, into: &frames)
    }

    public mutating func beginToolCall(_ call: ToolCall, choice: Int, into frames: inout FrameBuffer) {
        endCall(into: &frames)
        self.call = call
        self.call?.id = identity.toolCallID(of: call, at: callCount)
    }

    public mutating func end(_ reason: FinishReason, choice: Int, into frames: inout FrameBuffer) {
        endCall(into: &frames)
        self.reason = reason
    }

    public mutating func finish(_ usage: Usage, into frames: inout FrameBuffer) {
        let object = OllamaObject(kind: kind, model: model, created: head.created, end: .answer(reason, usage))
        appendLine(object, as: .finish, into: &frames)
    }

    public mutating func fail(_ fault: ChatFault, into frames: inout FrameBuffer) {
        frames.bytes += OllamaProblem.body(message: fault.message)
        frames.bytes.append(UInt8(ascii: "\n"))
        frames.endFrame(.failure)
    }

    public mutating func heartbeat(into frames: inout FrameBuffer) {}

    @inline(__always)
    private mutating func appendLine(_ unit: Span<UInt8>, after opening: [UInt8], into frames: inout FrameBuffer) {
        frames.bytes.append(contentsOf: head.bytes)
        frames.bytes.append(contentsOf: opening)
        JSONText.appendString(unit, to: &frames.bytes)
        frames.bytes.append(contentsOf: ending)
        frames.endFrame(.unit)
        head.advance()
    }

    private mutating func appendLine(
        _ object: OllamaObject,
        as frame: FrameBuffer.Kind,
        into frames: inout FrameBuffer
    ) {
        frames.bytes += object.bytes
        frames.bytes.append(UInt8(ascii: "\n"))
        frames.endFrame(frame)
        head.advance()
    }

    /// Tells the call that has been gathered, now that it is whole.
    private mutating func endCall(into frames: inout FrameBuffer) {
        guard let call else { return }
        self.call = nil
        guard OllamaToolArguments.object(call.arguments) != nil else {
            let text = OllamaToolArguments.text(of: call)
            return appendLine(text.span, after: textOpening, into: &frames)
        }
        var object = OllamaObject(kind: kind, model: model, created: head.created)
        object.toolCalls = [call]
        object.firstCall = callCount
        callCount += 1
        appendLine(object, as: .unit, into: &frames)
    }
}

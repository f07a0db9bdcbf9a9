// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Writes the frames of `/chat/stream`. A frame depends on the stream's name, the text and the position alone, so
/// that any reader can be given any frame again.
public struct PlainStreamFrames: Equatable, Sendable {
    public let id: StreamID
    public let format: PlainStreamRequest.Format

    public init(id: StreamID, format: PlainStreamRequest.Format) {
        self.id = id
        self.format = format
    }

    /// The first frame of a connection, sent before there is a token: it makes the connection resumable.
    /// - Parameter offset: Where this reader begins, in bytes of the text.
    public func appendStart(_ start: PlainStreamStart, offset: Int, resumed: Bool, to out: inout [UInt8]) {
        FrameEncoder.appendEventName("start", to: &out)
        appendID(offset: offset, to: &out)
        let data = JSONText.object { text in
            text.name("id")
            text.string(id.description)
            text.name("model")
            text.string(start.model)
            text.name("unit")
            text.string(start.unit)
            text.name("rate")
            text.number(start.rate)
            text.name("seed")
            text.string(String(start.seed))
            text.name("created")
            text.number(start.created)
            text.name("resumed")
            text.bool(resumed)
        }
        FrameEncoder.appendData(data.span, to: &out)
    }

    /// One unit of the text.
    /// - Parameters:
    ///   - end: The position after the unit.
    ///   - afterCarriageReturn: The byte before the unit is a CR.
    @inline(__always)
    public func appendUnit(_ unit: Span<UInt8>, end: Int, afterCarriageReturn: Bool, to out: inout [UInt8]) {
        appendID(offset: end, to: &out)
        switch format {
        case .text:
            FrameEncoder.appendData(unit, afterCarriageReturn: afterCarriageReturn, to: &out)
        case .json:
            FrameEncoder.append("data: {\"delta\":", to: &out)
            JSONText.appendString(unit, to: &out)
            FrameEncoder.append("}\n\n", to: &out)
        }
    }

    /// The last frame of a whole answer.
    public func appendDone(to out: inout [UInt8]) {
        appendEndID(to: &out)
        FrameEncoder.append("data: [DONE]\n\n", to: &out)
    }

    /// The last frame of an answer that is not whole.
    public func appendFault(_ fault: ChatFault, to out: inout [UInt8]) {
        FrameEncoder.appendEventName("fault", to: &out)
        appendEndID(to: &out)
        let data = JSONText.object { text in
            text.name("kind")
            text.string(fault.kind.rawValue)
            text.name("message")
            text.string(fault.message)
            text.name("retryable")
            text.bool(fault.retryable)
            if let status = fault.status {
                text.name("status")
                text.number(status)
            }
            if let clock = fault.clock {
                text.name("clock")
                text.string(clock.rawValue)
            }
        }
        FrameEncoder.appendData(data.span, to: &out)
    }

    /// A piece of what the model thinks aloud: valid UTF-8. Bears no id, so a resume does not repeat it.
    public static func appendReasoning(_ piece: [UInt8], to out: inout [UInt8]) {
        FrameEncoder.appendEventName("reasoning", to: &out)
        let data = JSONText.object { text in
            text.name("delta")
            text.string(piece)
        }
        FrameEncoder.appendData(data.span, to: &out)
    }

    /// A piece of a tool call. Bears no id.
    public static func appendToolCall(_ delta: ToolCallDelta, to out: inout [UInt8]) {
        FrameEncoder.appendEventName("tool", to: &out)
        let data = JSONText.object { text in
            text.name("index")
            text.number(delta.index)
            text.name("id")
            if let id = delta.id { text.string(id) } else { text.null() }
            text.name("name")
            if let name = delta.name { text.string(name) } else { text.null() }
            text.name("arguments")
            text.string(delta.arguments)
        }
        FrameEncoder.appendData(data.span, to: &out)
    }

    /// Token counts, before the last frame. Bears no id.
    public static func appendUsage(_ usage: Usage, to out: inout [UInt8]) {
        FrameEncoder.appendEventName("usage", to: &out)
        let data = JSONText.object { text in
            text.name("input_tokens")
            text.number(usage.inputTokens)
            text.name("output_tokens")
            text.number(usage.outputTokens)
        }
        FrameEncoder.appendData(data.span, to: &out)
    }

    @inline(__always)
    private func appendID(offset: Int, to out: inout [UInt8]) {
        FrameEncoder.append("id: ", to: &out)
        id.append(to: &out)
        out.append(UInt8(ascii: "."))
        FrameEncoder.appendDecimal(UInt64(offset), to: &out)
        out.append(UInt8(ascii: "\n"))
    }

    private func appendEndID(to out: inout [UInt8]) {
        FrameEncoder.append("id: ", to: &out)
        id.append(to: &out)
        FrameEncoder.append(".end\n", to: &out)
    }
}

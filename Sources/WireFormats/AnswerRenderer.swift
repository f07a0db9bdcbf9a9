// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// Writes an answer as a stream of one wire format.
///
/// A state machine: what the model says goes in, frames come out. The order of calls is ``begin(into:)``; then for
/// each choice its pieces and at last ``end(_:choice:into:)``; then ``finish(_:into:)``. ``fail(_:into:)`` may come
/// instead of anything after the first, and ends the stream.
public protocol AnswerRenderer {
    /// What comes before the first word.
    mutating func begin(into frames: inout FrameBuffer)

    /// A unit of text, whole grapheme clusters of valid UTF-8; of a tool call's arguments, any valid UTF-8.
    mutating func append(_ unit: Span<UInt8>, as piece: AnswerPiece, choice: Int, into frames: inout FrameBuffer)

    /// A tool call begins; its arguments follow as units. `call.arguments` is empty.
    mutating func beginToolCall(_ call: ToolCall, choice: Int, into frames: inout FrameBuffer)

    /// A choice has been said.
    mutating func end(_ reason: FinishReason, choice: Int, into frames: inout FrameBuffer)

    /// All choices have been said: what comes last, of a whole answer only.
    mutating func finish(_ usage: Usage, into frames: inout FrameBuffer)

    /// The answer is not whole.
    mutating func fail(_ fault: ChatFault, into frames: inout FrameBuffer)

    /// What keeps the line open where nothing is said for long; nothing where the format's clients take nothing.
    mutating func heartbeat(into frames: inout FrameBuffer)

    /// What follows comes from another model than what was before; nothing where the format's clients take nothing.
    mutating func markContinued(into frames: inout FrameBuffer)

    /// The stream began with `count` frames that came from elsewhere: numbers go on behind theirs.
    mutating func goOn(afterFrames count: Int)

    /// A unit will be written in a moment: tells `touch` of the memory that this needs, as address and bytes.
    func warm(_ touch: (UnsafeRawPointer?, Int) -> Void)
}

extension AnswerRenderer {
    public mutating func markContinued(into frames: inout FrameBuffer) {}

    public mutating func goOn(afterFrames count: Int) {}

    public func warm(_ touch: (UnsafeRawPointer?, Int) -> Void) {}
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import MockModel
internal import Typewriter

/// What becomes of an answer's pieces on their way to one client: a stream, or one body at the end.
protocol AnswerWriter: AnyObject {
    /// Who is told of the client: the session that this writer belongs to.
    var delegate: (any OutletDelegate)? { get set }
    /// Called when the outcome is known, before the last byte leaves: whoever has read it all can look it up.
    var onLast: (() -> Void)? { get set }
    /// How many units have left; nil where none is held back.
    var sentUnits: Int? { get }
    /// The client is there, and the answer has not ended.
    var isOpen: Bool { get }
    /// The last byte has been written, or a fault has cut the answer off.
    var hasEnded: Bool { get }
    /// A fault took the end of the answer.
    var isBroken: Bool { get }
    /// A fault ended the answer with the format's own error.
    var hasFailed: Bool { get }
    /// Bytes that the client has not taken, or that a fault keeps from it.
    var pendingBytes: Int { get }
    /// When the writer wants ``flush(now:)`` to be called again; `.max` for never.
    var wakeTime: Nanoseconds { get }

    /// The head may leave: the first piece is due, or the client has waited long enough for it.
    func begin(now: Nanoseconds)
    func append(_ unit: Span<UInt8>, as piece: AnswerPiece, choice: Int)
    func beginToolCall(_ call: ToolCall, choice: Int)
    func trigger(_ fault: Fault)
    func end(_ reason: FinishReason, choice: Int)
    /// What follows comes from another model than what was before: the client can see that.
    func markContinued()
    func finish(_ usage: Usage)
    func fail(_ fault: ChatFault)
    /// Answers with an HTTP error, where nothing has left yet; false where it is too late for that.
    func refuse(_ fault: ChatFault) -> Bool
    /// Ends without a word: the answer was called off, and its client knows.
    func stop()
    /// Sends what there is to send now.
    func flush(now: Nanoseconds)
    /// Bytes that the client has acknowledged since its connection began, and those on their way that it has not.
    func progress() -> (delivered: Int, undelivered: Int)
    /// Something will be written in a moment: brings near what that needs, step by step (``Pulsing/warm(_:)``).
    func warm(_ step: Int)
    /// There is no time left: a fault that only takes time is over.
    func hurry()
    /// Cuts the connection.
    func abort()
    /// The session has ended: its client is nobody's business any more.
    func letGo()
    /// The client of a stream has finished sending, as one has that is gone.
    var hasPeerFinishedSending: Bool { get }
    /// When something last left, where a fault may keep back what is said.
    var lastSend: Nanoseconds? { get }
    /// Asks whether the client is there, without a word; false where that cannot be asked.
    func probe() -> Bool
    /// Says something to keep the line open; false where the format has no word for that.
    func heartbeat(now: Nanoseconds) -> Bool
}

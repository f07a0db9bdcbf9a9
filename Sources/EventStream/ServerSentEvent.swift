// SPDX-License-Identifier: Apache-2.0

/// One event as a client dispatches it (WHATWG HTML, section 9.2.6).
public struct ServerSentEvent: Equatable, Sendable {
    /// `message` where the stream names none.
    public var type: String
    /// The `data:` lines joined by LF. Bytes, because an upstream may cut inside a UTF-8 sequence.
    public var data: [UInt8]
    /// The last event id as it stands when this event is dispatched; empty where none was given.
    public var lastEventID: String

    public init(type: String = "message", data: [UInt8], lastEventID: String = "") {
        self.type = type
        self.data = data
        self.lastEventID = lastEventID
    }
}

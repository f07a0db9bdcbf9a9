// SPDX-License-Identifier: Apache-2.0

public import NIOCore
public import TLS

/// What a connection may ask for, and how long it may take. Sizes in bytes.
public struct HTTPLimits: Equatable, Sendable {
    /// Of the request target; more is 414.
    public var target = 16 << 10
    /// Of the whole head; more is 431.
    public var head = 32 << 10
    /// Of a request body; more is 413.
    public var body = 4 << 20
    /// From a head's first byte to its last; then 408, or over HTTP/2 the connection's end. A connection that says
    /// nothing at all is closed after as long.
    public var headTime = TimeAmount.seconds(10)
    /// From a head's end to the body's; then 408.
    public var bodyTime = TimeAmount.seconds(30)
    /// How long a connection may rest between two requests before it is closed.
    public var idleTime = TimeAmount.seconds(75)
    /// How long a refused client may go on sending before the connection is cut: cut at once, the answer is lost.
    public var lingerTime = TimeAmount.seconds(2)
    /// How long a peer may take nothing of what is left for it after an answer's end before it is cut. Counted here: the
    /// system's `TCP_USER_TIMEOUT` also cuts who reads in gulps, because Linux ends the time of a closed window only
    /// when the whole next segment fits into the window that opens.
    public var deadPeerTime = TimeAmount.seconds(30)
    /// Connections at once; one more is told so. Nil: the descriptor limit less 200.
    public var connections: Int?
    /// Connections at once from one address; 0 is without limit.
    public var connectionsPerClient = 0

    public var tls = TLSLimits()
    public var http2 = HTTP2Limits()

    public init() {}
}

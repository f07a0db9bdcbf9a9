// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// How long a peer may take over what is none of its data, and how many handshakes are done at once.
public struct TLSLimits: Equatable, Sendable {
    /// From the connection to the handshake's end; then it is cut.
    public var handshakeTime = TimeAmount.seconds(10)
    /// For what is pending to leave before a close, and for a peer to read why its session has failed; then the
    /// connection is closed as it is.
    public var closeTime = TimeAmount.seconds(1)
    /// Steps of handshakes in one turn of an event loop, each of up to 0.3 ms or so; the next one waits for the next turn,
    /// within its handshake's time.
    public var handshakes = 8

    public init() {}
}

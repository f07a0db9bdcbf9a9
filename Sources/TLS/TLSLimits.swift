// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// What a peer may take before it has said anything.
public struct TLSLimits: Equatable, Sendable {
    /// From the connection to the handshake's end; then it is cut.
    public var handshakeTime = TimeAmount.seconds(10)
    /// For the peer's answer to our end of the session; then the connection is closed without it.
    public var closeTime = TimeAmount.seconds(1)
    /// Steps of handshakes in one turn of an event loop, each of up to 0.3 ms or so; the next one waits for the next turn,
    /// within its handshake's time.
    public var handshakes = 8

    public init() {}
}

// SPDX-License-Identifier: Apache-2.0

/// Lets so many connections of a loop be in their handshakes at once; the rest wait for their turn in order.
public final class HandshakeGate {
    let limit: Int

    public init(limit: Int) { self.limit = limit }
}

@available(*, unavailable)
extension HandshakeGate: Sendable {}

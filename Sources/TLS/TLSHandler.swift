// SPDX-License-Identifier: Apache-2.0

public import NIOCore
internal import NIOTLS

/// Speaks TLS between the socket and the handlers behind it, and carries out what ``TLSConnectionState`` decides.
///
/// Reads for itself until the handshake is done; then fires `TLSUserEvent.handshakeCompleted`, and only after that what it has
/// decrypted. What is written through the pipeline is joined at each flush into records of up to 16 KiB.
public final class TLSHandler: ChannelDuplexHandler {
    public typealias InboundIn = ByteBuffer
    public typealias InboundOut = ByteBuffer
    public typealias OutboundIn = ByteBuffer
    public typealias OutboundOut = ByteBuffer

    /// Bytes of records that the channel has been given and the system has not taken.
    public private(set) var pendingBytes = 0
    /// The key's name that the peer's certificate stands for; nil where it showed none.
    public private(set) var peerName: String?

    /// - Parameter gate: Whom to ask before a handshake; nil: nobody.
    public init(session: TLSSession, limits: TLSLimits, gate: HandshakeGate?) {}

    /// The fast lane: encrypts `plaintext` now, behind all that was written before.
    /// - Returns: Its records, which whoever calls has to send at once, or with ``writeSealed(_:promise:)``. They stay where
    ///   they are until the next session of this loop encrypts something. Nil while there is no session, or no more.
    public func seal(_ plaintext: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? { nil }

    /// Sends what ``seal(_:)`` gave, or its rest, through the channel.
    public func writeSealed(_ records: ByteBuffer, promise: EventLoopPromise<Void>?) {}
}

@available(*, unavailable)
extension TLSHandler: Sendable {}

// SPDX-License-Identifier: Apache-2.0

/// How sessions are resumed: by tickets that the server encrypts for itself (RFC 8446, section 4.6.1; RFC 5077).
public struct TicketSettings: Equatable, Sendable {
    public var isEnabled = true
    /// What the keys are derived from, so that nodes with the same secret take each other's tickets; at least 32 bytes.
    /// Nil: a random one for this process.
    public var secret: [UInt8]?
    /// Seconds for which a key encrypts; for as long again it still decrypts.
    public var rotation = 12 * 3600

    public init() {}
}

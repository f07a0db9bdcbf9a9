// SPDX-License-Identifier: Apache-2.0

/// An upstream's whole answer as it stands, for a client that speaks the same format.
public struct PassedAnswer: Equatable, Sendable {
    public var head: TransferHead
    /// Without the upstream's key, should it have been repeated there.
    public var body: [UInt8]

    public init(head: TransferHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }
}

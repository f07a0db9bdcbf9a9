// SPDX-License-Identifier: Apache-2.0

/// Takes what the reactor has read. Called on the reactor's thread, once a turn with all that there is.
public protocol TransferMailbox: AnyObject, Sendable {
    func deliver(_ batch: [TransferDelivery])
}

/// A part of one transfer.
public struct TransferDelivery: Sendable {
    public let id: TransferID
    public let part: TransferPart
    /// The request went out on a connection that had served another one before. Such a connection may have been dying
    /// already, so a reset before the head says little about the upstream.
    public var isOnReusedConnection = false
}

/// Names a transfer for as long as the process lives.
public typealias TransferID = UInt64

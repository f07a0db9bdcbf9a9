// SPDX-License-Identifier: Apache-2.0

/// Takes what the reactor has read. Called on the reactor's thread, once a turn with all that there is.
public protocol TransferMailbox: AnyObject, Sendable {
    func deliver(_ batch: [TransferDelivery])
}

/// A part of one transfer.
public struct TransferDelivery: Sendable {
    public let id: TransferID
    public let part: TransferPart
}

/// Names a transfer for as long as the process lives.
public typealias TransferID = UInt64

// SPDX-License-Identifier: Apache-2.0

/// What the writer of a stream is told about its reader, on the connection's event loop.
public protocol OutletDelegate: AnyObject {
    /// All bytes have been handed to the system: there is room again.
    func outletDrained()
    /// The client has finished sending. It may still read, or be gone: only an answer to a write tells.
    func outletPeerFinishedSending()
    /// The connection is gone; nothing that is written arrives any more.
    func outletClosed()
}

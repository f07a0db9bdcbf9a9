// SPDX-License-Identifier: Apache-2.0

/// The way of a stream's bytes to its reader. Lives on the connection's event loop.
public protocol Outlet: AnyObject {
    /// Held until it lets go, or the reader is gone.
    var delegate: (any OutletDelegate)? { get set }
    /// The reader can be written to, and the stream has not been finished.
    var isOpen: Bool { get }
    /// Bytes that have not left: the system, or the reader's flow control, has not taken them yet.
    var pendingBytes: Int { get }
    /// The client has finished sending. It may still read, or be gone: ``probe()`` asks.
    var hasPeerFinishedSending: Bool { get }

    /// Bytes that the peer has acknowledged since some moment before the first write, and those that it has not.
    func progress() -> (delivered: Int, undelivered: Int)
    /// Something will be written in a moment: brings near what that needs.
    func warm()
    /// Writes what `body` appends; nothing where it appends nothing.
    func write(_ body: (inout [UInt8]) -> Void)
    /// Writes what `body` appends, and ends the stream.
    func finish(_ body: (inout [UInt8]) -> Void)
    /// Asks the peer's system whether somebody is there, without a byte of the body.
    /// - Returns: False where nothing can be asked.
    func probe() -> Bool
    /// Cuts the answer now; what is pending is lost.
    func abort()
    /// Cuts the answer with a reset: the client learns of it as an error of the network.
    func reset()
    /// Ends the answer in its middle, when what was written has left.
    func close()
}

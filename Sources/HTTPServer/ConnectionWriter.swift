// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import NIOCore
internal import TLS

/// Writes to one connection: straight to the socket while the system takes all, through the channel when it does not.
///
/// The fast lane saves the walk through the pipeline and a buffer for each frame. It keeps the order of bytes because
/// it is taken only while the channel holds none, and the channel is the only other one who writes.
final class ConnectionWriter {
    private let channel: any Channel
    /// Nil where the connection speaks plainly.
    private let tls: TLSHandler?
    /// The bytes of one write; shared by all connections of the loop, because none is kept beyond the call.
    private let scratch: WriteScratch
    /// The channel's descriptor; nil where it has none, as in tests. The channel closes it on this loop and is
    /// inactive from then on, so while `isActive` holds on this loop the number is ours.
    private let descriptor: CInt?
    /// Bytes that wait in the channel.
    private(set) var pendingBytes = 0
    /// The connection has not been told that its channel is gone.
    private(set) var isOpen = true
    /// As they were handed over, before any encryption.
    private(set) var writtenBytes = 0
    /// As they left, or are to leave.
    private var wireBytes = 0
    /// Called on the loop when `pendingBytes` has fallen to 0, but never from within a write: whoever writes sees
    /// for itself.
    var onDrained: (() -> Void)?
    private var isEnqueuing = false

    init(channel: any Channel, tls: TLSHandler?, scratch: WriteScratch) {
        self.channel = channel
        self.tls = tls
        self.scratch = scratch
        let transport = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { $0 }
        self.descriptor = transport ?? nil
    }

    /// The channel is gone: nothing that is written from now on goes anywhere.
    func close() {
        isOpen = false
        onDrained = nil
    }

    /// Brings near what a write needs.
    func warm() {
        clinux_prefetch(Unmanaged.passUnretained(channel as AnyObject).toOpaque(), 256)
    }

    /// Sends what `body` appends to an empty buffer, from the offset that it returns on.
    @inline(__always)
    func assemble(_ body: (inout [UInt8]) -> Int) {
        scratch.bytes.removeAll(keepingCapacity: true)
        let start = body(&scratch.bytes)
        scratch.bytes.withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }

    private func send(_ bytes: UnsafeRawBufferPointer) {
        // A channel that is closed says so later on this loop; until then nobody is there to write to.
        guard !bytes.isEmpty, channel.isActive else { return }
        writtenBytes += bytes.count
        scratch.writtenBytes += bytes.count
        guard let tls else { return transmit(bytes, isDirect: pendingBytes == 0) }
        // One record for all that is written at once; none where the session has ended, which the channel will tell.
        guard let sealed = tls.seal(bytes) else { return }
        transmit(sealed, isDirect: tls.pendingBytes == 0)
    }

    private func transmit(_ bytes: UnsafeRawBufferPointer, isDirect: Bool) {
        wireBytes += bytes.count
        var sent = 0
        if isDirect, let descriptor {
            // An error here is the channel's to find: it gets the rest, tries again, and closes.
            sent = max(0, Glibc.send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL)))
            if sent == bytes.count { return }
        }
        enqueue(UnsafeRawBufferPointer(rebasing: bytes[sent...]))
    }

    private func enqueue(_ bytes: UnsafeRawBufferPointer) {
        let count = bytes.count
        pendingBytes += count
        let done = channel.eventLoop.makePromise(of: Void.self)
        done.futureResult.assumeIsolated().whenComplete { [self] result in
            pendingBytes -= count
            // A write that failed has closed the channel, which tells the connection by itself.
            if case .success = result, pendingBytes == 0, !isEnqueuing { onDrained?() }
        }
        isEnqueuing = true
        if let tls {
            tls.writeSealed(ByteBuffer(bytes: bytes), promise: done)
        } else {
            channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: done)
        }
        isEnqueuing = false
    }

    /// The peer will be told of the end by a reset: the system drops what has not left, and sends no FIN.
    func resetOnClose() {
        if let descriptor, channel.isActive { Descriptors.resetOnClose(descriptor) }
    }

    /// Bytes on the wire that the peer has acknowledged so far, and those written that it has not.
    func progress() -> (delivered: Int, undelivered: Int) {
        var queued: CInt = 0
        if let descriptor, channel.isActive { _ = ioctl(descriptor, UInt(TIOCOUTQ), &queued) }
        let undelivered = pendingBytes + Int(queued)
        return (wireBytes - undelivered, undelivered)
    }
}

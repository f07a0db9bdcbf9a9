// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import NIOCore

/// How much a connection has written, and how much of that its peer's system has taken. In bytes, about: frames count
/// without their fields, and without TLS.
struct WireProgress {
    private let channel: any Channel
    /// Nil where the channel has none, as in tests. While the channel is active it is ours.
    private let descriptor: CInt?
    /// Handed to the channel.
    private(set) var written = 0
    private var acknowledged = 0

    init(channel: any Channel) {
        self.channel = channel
        let transport = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { $0 }
        self.descriptor = transport ?? nil
    }

    mutating func wrote(_ count: Int) {
        written += count
    }

    /// How many of the written bytes the peer's system has, or had at some time.
    mutating func delivered() -> Int {
        guard let descriptor, channel.isActive else { return written }
        var queued: CInt = 0
        _ = ioctl(descriptor, UInt(TIOCOUTQ), &queued)
        let waiting = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        acknowledged = max(acknowledged, written - waiting - Int(queued))
        return acknowledged
    }

    /// The peer will be told of the end by a reset; what it has not taken is dropped.
    func resetOnClose() {
        if let descriptor, channel.isActive { Descriptors.resetOnClose(descriptor) }
    }
}

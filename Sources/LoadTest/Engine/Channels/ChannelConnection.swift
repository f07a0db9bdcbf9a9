// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import TLS
internal import Typewriter

/// A connection of a ``ChannelLoop``. Times are on the monotonic clock.
final class ChannelConnection {
    enum Phase {
        /// Until TCP, TLS and HTTP/2 are agreed on.
        case opening
        case open
        case closed
    }

    let id: Int
    let target: Int
    var phase = Phase.opening
    var channel: (any Channel)?
    /// Of HTTP/2, once it is open.
    var wire: HTTP2Wire?
    /// Of HTTP/1: the stream that runs on it.
    var current: ChannelStream?
    /// Those that wait until it is open.
    var waiting: [ChannelStream] = []
    var began: Nanoseconds
    /// When it was open.
    var connected: Nanoseconds = 0
    /// TCP stands.
    var isConnected = false
    /// Of TLS, and whether its handshake is over.
    var tls: TLSHandler?
    var isSecured = false
    /// The server speaks HTTP/2, but allows no stream so far: it is opening until the server does.
    var allowsNoStream = false
    /// No request has been written to it yet.
    var isFresh = true
    /// The server takes no more requests on it.
    var isLeaving = false
    /// When the last bytes were read from the socket.
    var readAt: Nanoseconds = 0
    /// What went wrong, where something has: as the system says, or in words.
    var systemError: SystemError?
    var problem: String?
    /// Why it cannot be what was asked for: TLS, or HTTP/2.
    var refusal: StreamEnd?

    /// Its end was not the server's word that this was all: TLS was cut off, or broken.
    var isCut: Bool { tls.map { $0.isTruncated || problem != nil } ?? false }

    init(id: Int, target: Int, began: Nanoseconds) {
        self.id = id
        self.target = target
        self.began = began
    }
}

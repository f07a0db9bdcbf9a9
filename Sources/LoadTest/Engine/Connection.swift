// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// A place's connection: a flat value, many of which lie side by side. Times are on the monotonic clock.
struct Connection {
    enum Phase: UInt8 {
        /// There is no socket.
        case closed
        case connecting
        /// Connected, and no request on it.
        case idle
        /// A part of the request is written.
        case sending
        case receiving
    }

    var socket = StreamSocket.none
    /// Which of the place's sockets this is: what epoll tells of an earlier one is not meant for it.
    var generation: UInt32 = 0
    var phase = Phase.closed
    /// A stream runs in this place. Not so while it is connected ahead, or idle.
    var hasStream = false
    /// No request has been written to it yet.
    var isFresh = true
    /// It was idle when its request began: the server may have closed it just then, which is not the request's fault.
    var mayBeStale = false
    /// The server has closed it.
    var hasEnded = false
    /// The recorder knows that the request was sent.
    var isTold = false
    var target: Int32 = 0
    /// Of ``SourceAddresses``; -1: none of them.
    var source: Int32 = -1
    /// Bytes of the request that the kernel has taken.
    var written = 0
    var began: Nanoseconds = 0
    var connected: Nanoseconds = 0
    /// When the request could have been written at the earliest, as far as it lay with this client.
    var available: Nanoseconds = 0
    /// When the last byte came; before the first, when the request was sent, or a part of it.
    var lastHeard: Nanoseconds = 0
    /// Neighbours among the idle ones of the target; -1: none.
    var next: Int32 = -1
    var previous: Int32 = -1
}

// SPDX-License-Identifier: Apache-2.0

internal import NIOHTTP2
internal import Typewriter

/// A running request of a ``ChannelLoop``. Times are on the monotonic clock.
final class ChannelStream {
    /// By which the recorder knows it.
    let place: Int
    let target: Int
    var state = StreamState()
    var response = ResponseState()
    /// Nil: it has ended, or never had one.
    var connection: ChannelConnection?
    /// Of HTTP/2, once it was sent.
    var id: HTTP2StreamID?
    var window = ReceiveWindow(size: ReceiveWindow.stream)
    /// When the request could have been written at the earliest, as far as it lay with this client.
    var available: Nanoseconds = 0
    /// When the last byte came; before the first, when the request was sent.
    var lastHeard: Nanoseconds = 0
    /// The connection has served another: the server may have closed it just then, which is not the request's fault.
    var mayBeStale = false
    /// The recorder knows that the request was sent.
    var isTold = false
    /// It was refused once, and sent again.
    var isResent = false
    /// What one read has brought so far, be it in several records or frames.
    var batch = Batch()

    struct Batch {
        var time: Nanoseconds = 0
        var bytes = 0
        var contents = 0
        /// When the last content before it came; 0: never.
        var lastContent: Nanoseconds = 0
    }

    init(place: Int, target: Int) {
        self.place = place
        self.target = target
    }
}

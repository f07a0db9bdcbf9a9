// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import NIOHTTP2

/// Each write is one frame of data. What a turn writes leaves at its end.
extension HTTP2Stream: Outlet {
    var pendingBytes: Int {
        if heldBytes > 0 { hasShownHeldBytes = true }
        return heldBytes
    }

    /// Both in the connection's bytes: those of one stream among them cannot be told apart, but while one of its own is
    /// on its way, whatever the peer acknowledges brings that nearer.
    func progress() -> (delivered: Int, undelivered: Int) {
        let acknowledged = connection.wire.delivered()
        let inTheNet = min(writtenBytes - heldBytes, max(0, wireEnd - acknowledged))
        return (min(wireEnd, acknowledged), heldBytes + inTheNet)
    }

    func warm() {
        clinux_prefetch(Unmanaged.passUnretained(connection).toOpaque(), 192)
    }

    func write(_ body: (inout [UInt8]) -> Void) {
        guard isOpen else { return }
        put(isLast: false, body)
    }

    func finish(_ body: (inout [UInt8]) -> Void) {
        guard isOpen else { return }
        put(isLast: true, body)
        answerEnded()
    }

    /// A PING makes the peer's system answer, or shows that there is none.
    func probe() -> Bool {
        guard isOpen else { return false }
        connection.ping()
        return true
    }

    /// A cut answer is an error for whoever reads it. CANCEL would not do: some clients take it for an end.
    func abort() {
        // What this turn has written has left, as far as there is room; over HTTP/1 it would have at once.
        if heldBytes > 0 { connection.flush() }
        cut(.internalError)
    }

    func reset() {
        abort()
    }

    func close() {
        closeWhenEmpty()
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A stream's answer on a connection of HTTP/1.
///
/// Each write is one chunk of the body, and one `send()` where the socket takes it at once.
final class HTTP1Outlet: Outlet {
    /// Straight to the writer: on the way of a frame each object more is a cache miss more.
    private let writer: ConnectionWriter
    private let connection: HTTP1Connection
    private let isChunked: Bool
    /// The response head, until the first write takes it along.
    private var head: [UInt8]
    private var isFinished = false
    /// Probes since the last write, and how much had been written by then.
    private var probes = (count: 0, end: 0)
    /// Held until it lets go, or the connection is gone.
    var delegate: (any OutletDelegate)?

    init(connection: HTTP1Connection, head: [UInt8], isChunked: Bool) {
        self.writer = connection.writer
        self.connection = connection
        self.head = head
        self.isChunked = isChunked
    }

    var isOpen: Bool { !isFinished && writer.isOpen }

    var pendingBytes: Int { writer.pendingBytes }

    func progress() -> (delivered: Int, undelivered: Int) { writer.progress() }

    func warm() {
        writer.warm()
    }

    @inline(__always)
    func write(_ body: (inout [UInt8]) -> Void) {
        guard isOpen else { return }
        writer.assemble { buffer in frame(&buffer, body) }
    }

    func finish(_ body: (inout [UInt8]) -> Void) {
        guard isOpen else { return }
        isFinished = true
        writer.assemble { buffer in
            let start = frame(&buffer, body)
            if isChunked { buffer.append(contentsOf: Self.lastChunk) }
            return start
        }
        connection.streamFinished()
    }

    /// The client has finished sending. It may still read, or be gone: ``probe()`` asks.
    var hasPeerFinishedSending: Bool { connection.hasPeerFinishedSending }

    /// Asks the peer's system whether somebody is there, without a byte of the body: what is written is a leading zero
    /// of the next chunk's size, which says nothing (RFC 9112, section 7.1). Whoever is gone resets the connection.
    /// - Returns: False where nothing can be asked: the body is not chunked, or so many zeros stand there already that
    ///   one more may be too much for who reads them.
    func probe() -> Bool {
        guard isOpen, isChunked else { return false }
        let progress = writer.progress()
        if progress.delivered + progress.undelivered != probes.end { probes.count = 0 }
        guard probes.count < Self.mostProbes else { return false }
        writer.assemble { buffer in
            buffer.append(contentsOf: head)
            buffer.append(UInt8(ascii: "0"))
            return 0
        }
        let written = writer.progress()
        probes = (probes.count + 1, written.delivered + written.undelivered)
        head = []
        return true
    }

    func abort() {
        connection.abort()
    }

    func reset() {
        connection.reset()
    }

    func close() {
        guard isOpen else { return }
        isFinished = true
        connection.close()
    }

    /// Together with the digits of a size, what 64 bits have room for.
    private static let mostProbes = 8
    private static let lastChunk = Array("0\r\n\r\n".utf8)
    /// Room for eight hexadecimal digits and CRLF.
    private static let chunkHeadRoom = [UInt8](repeating: 0, count: 10)
    private static let hexDigits = Array("0123456789abcdef".utf8)

    /// Frames one chunk (RFC 9112, section 7.1) at the end of an empty buffer; gives where its bytes begin.
    ///
    /// The size is known last and stands first, so room is left for it and for the response head, and filled from
    /// the back.
    @inline(__always)
    private func frame(_ buffer: inout [UInt8], _ body: (inout [UInt8]) -> Void) -> Int {
        if !head.isEmpty { buffer.append(contentsOf: head) }
        if isChunked { buffer.append(contentsOf: Self.chunkHeadRoom) }
        var start = buffer.count
        body(&buffer)
        var size = buffer.count - start
        if isChunked, size > 0 {
            buffer.append(0x0D)
            buffer.append(0x0A)
            buffer[start - 1] = 0x0A
            buffer[start - 2] = 0x0D
            start -= 2
            while size > 0 {
                start -= 1
                buffer[start] = Self.hexDigits[size & 15]
                size >>= 4
            }
        }
        if !head.isEmpty {
            for byte in head.reversed() {
                start -= 1
                buffer[start] = byte
            }
            head = []
        }
        return start
    }
}

@available(*, unavailable)
extension HTTP1Outlet: Sendable {}

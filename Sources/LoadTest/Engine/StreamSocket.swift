// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import Typewriter

/// A TCP socket that never waits. Not its owner: whoever opens one closes it.
struct StreamSocket {
    /// No socket.
    static let none = StreamSocket(descriptor: -1)

    let descriptor: CInt

    private init(descriptor: CInt) { self.descriptor = descriptor }

    /// Begins to connect. That it has done so, or failed to, epoll tells.
    ///
    /// - Parameter source: The address to come from; nil: as the system likes.
    init(connectingTo address: SocketAddress, from source: SocketAddress?) throws(SystemError) {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        descriptor = socket(address.family, type, 0)
        guard descriptor >= 0 else { throw SystemError(code: errno) }
        set(CInt(IPPROTO_TCP), TCP_NODELAY, to: 1)
        // Where that fails no stamp comes, and the reader of ``receive(into:stamp:)`` sees it.
        clinux_stamp_arrivals(descriptor)
        var isFine = true
        if let source {
            // The port is chosen at connect, when it need differ only from those to the same server.
            set(CInt(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, to: 1)
            isFine = source.with { bind(descriptor, $0, $1) } == 0
        }
        if isFine { isFine = address.with { connect(descriptor, $0, $1) } == 0 || errno == EINPROGRESS }
        guard isFine else {
            let code = errno
            Glibc.close(descriptor)
            throw SystemError(code: code)
        }
    }

    /// Why the connection failed; 0: it did not. The answer is given once.
    func takeError() -> CInt {
        var code: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno
    }

    /// How many bytes the kernel took, or a negative `errno`.
    func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
        return count >= 0 ? count : -Int(errno)
    }

    /// How many bytes came, 0 at the stream's end, or a negative `errno`.
    ///
    /// - Parameter stamp: When the last of them reached this machine, on the wall clock; 0: not known.
    @inline(__always)
    func receive(into buffer: UnsafeMutableRawBufferPointer, stamp: inout Nanoseconds) -> Int {
        clinux_receive(descriptor, buffer.baseAddress, buffer.count, &stamp)
    }

    /// - Parameter abruptly: With a reset, which leaves nothing behind. A decent close would leave the connection's port
    ///   in TIME_WAIT for a minute, if the server has not closed before us.
    func close(abruptly: Bool) {
        if abruptly {
            var setting = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &setting, socklen_t(MemoryLayout<linger>.size))
        }
        Glibc.close(descriptor)
    }

    private func set(_ level: CInt, _ option: CInt, to value: CInt) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }
}

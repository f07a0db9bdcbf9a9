// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A socket that listens on a free port of 127.0.0.1. Not its owner: whoever opens one closes it.
struct ListeningSocket {
    /// As long as the kernel lets it be: thousands of clients come at once.
    private static let backlog: CInt = 65_535

    let descriptor: CInt
    let port: UInt16

    /// Nil with `errno` where that fails.
    init?() {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        descriptor = socket(AF_INET, type, 0)
        guard descriptor >= 0 else { return nil }
        let descriptor = descriptor
        let isOpen = SocketAddress(loopback: 1).with { address, length in
            bind(descriptor, address, length) == 0 && listen(descriptor, Self.backlog) == 0
        }
        port = isOpen ? clinux_bound_port(descriptor) : 0
        guard isOpen else {
            let code = errno
            close(descriptor)
            errno = code
            return nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

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
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isOpen = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && listen(descriptor, Self.backlog) == 0
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isOpen else {
            let code = errno
            close(descriptor)
            errno = code
            return nil
        }
    }
}

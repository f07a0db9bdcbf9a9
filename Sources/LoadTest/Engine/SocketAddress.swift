// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// An address of the system's, of IPv4 or IPv6, with its port.
struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()
    private var length: socklen_t

    /// Copies an address that the system gave.
    init(copying address: UnsafePointer<sockaddr>, length: socklen_t) {
        self.length = min(length, socklen_t(MemoryLayout<sockaddr_storage>.size))
        withUnsafeMutableBytes(of: &storage) { storage in
            storage.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(self.length)))
        }
    }

    /// 127.0.0.`last`, any port.
    init(loopback last: UInt8) {
        length = clinux_loopback(&storage, last)
    }

    var family: CInt { CInt(storage.ss_family) }

    /// One of 127.0.0.0/8, all of which are this machine.
    var isLoopback4: Bool {
        var storage = storage
        return clinux_is_loopback(&storage) != 0
    }

    /// Hands the address to a call of the system.
    func with<Result>(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, length) }
        }
    }
}

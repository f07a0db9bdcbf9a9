// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import NIOCore

extension SocketAddress {
    /// As NIO has it; nil where it is of neither IPv4 nor IPv6.
    var forChannels: NIOCore.SocketAddress? {
        // Where ip(7) and ipv6(7) have the address; the port is at 2 in both.
        let place: Range<Int>
        switch family {
        case AF_INET: place = 4..<8
        case AF_INET6: place = 8..<24
        default: return nil
        }
        return with { address, length in
            let bytes = UnsafeRawBufferPointer(start: address, count: Int(length))
            guard place.upperBound <= bytes.count else { return nil }
            let port = Int(bytes[2]) << 8 | Int(bytes[3])
            return try? NIOCore.SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes[place]), port: port)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Finds the address at which a target listens.
enum Resolver {
    /// How long an address may take to answer, where there are several.
    private static let patience: CInt = 2000

    /// The first of the host's addresses that takes a connection; the first of all where none does, or there is one only.
    static func address(of target: Target) throws(LoadFailure) -> SocketAddress {
        let addresses = try lookUp(target)
        if addresses.count > 1, let open = addresses.first(where: answers) { return open }
        return addresses[0]
    }

    /// At least one, in the system's order.
    private static func lookUp(_ target: Target) throws(LoadFailure) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(target.host, String(target.port), &hints, &found)
        defer { if let found { freeaddrinfo(found) } }
        var addresses: [SocketAddress] = []
        var entry = code == 0 ? found : nil
        while let info = entry {
            if let address = info.pointee.ai_addr {
                addresses.append(SocketAddress(copying: address, length: info.pointee.ai_addrlen))
            }
            entry = info.pointee.ai_next
        }
        guard !addresses.isEmpty else {
            let reason = code == 0 ? "it has no address" : String(cString: gai_strerror(code))
            throw LoadFailure(description: "cannot find the host \(target.host): \(reason)")
        }
        return addresses
    }

    private static func answers(_ address: SocketAddress) -> Bool {
        guard let socket = try? StreamSocket(connectingTo: address, from: nil) else { return false }
        defer { socket.close(abruptly: true) }
        var interest = pollfd(fd: socket.descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&interest, 1, patience) == 1 && socket.takeError() == 0
    }
}

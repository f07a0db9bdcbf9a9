// SPDX-License-Identifier: Apache-2.0

/// Spreads connections to this machine over its loopback addresses: one address has 28,000 ports to one server, and finding
/// a free one takes long when half are taken.
struct SourceAddresses {
    /// The most connections from one address.
    static let most = 8000
    /// As many as fit the last byte: 127.0.0.1 to 127.0.0.254.
    private static let addresses = 254

    /// Connections of each address in use.
    private var taken: [Int]
    /// Where this process begins, so that processes of one run do not meet.
    private let first: Int

    init(share: Int, connections: Int) {
        let needed = min(Self.addresses, max(1, (connections + Self.most - 1) / Self.most))
        taken = Array(repeating: 0, count: needed)
        first = share * needed
    }

    /// Which address to come from: give it back when the connection is closed. With all full, the last has to do.
    mutating func take() -> Int {
        let index = taken.firstIndex { $0 < Self.most } ?? taken.count - 1
        taken[index] += 1
        return index
    }

    mutating func giveBack(_ index: Int) {
        taken[index] -= 1
    }

    /// The last byte of 127.0.0.x.
    func lastByte(of index: Int) -> UInt8 {
        UInt8((first + index) % Self.addresses + 1)
    }
}

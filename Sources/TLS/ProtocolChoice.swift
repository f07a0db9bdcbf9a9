// SPDX-License-Identifier: Apache-2.0

/// Which protocol is spoken inside a session (ALPN, RFC 7301).
struct ProtocolChoice: Sendable {
    /// The list as it goes over the wire: each name behind a byte that tells its length.
    let wire: [UInt8]
    private let names: [[UInt8]]

    /// - Parameter names: The dearest first. Those that are empty or longer than 255 bytes cannot be told, and are left out.
    init(_ names: [String]) {
        self.names = names.map { Array($0.utf8) }.filter { (1...255).contains($0.count) }
        wire = self.names.flatMap { [UInt8($0.count)] + $0 }
    }

    /// The place in the client's list of the first of our own names that is in it; the server's order counts.
    /// - Returns: Nil where there is none, or the list is malformed (RFC 7301, section 3.1).
    func select(from offered: UnsafeRawBufferPointer) -> Range<Int>? {
        var places: [Range<Int>] = []
        var index = 0
        while index < offered.count {
            let start = index + 1
            let end = start + Int(offered[index])
            guard end > start, end <= offered.count else { return nil }
            places.append(start..<end)
            index = end
        }
        for name in names {
            if let place = places.first(where: { offered[$0].elementsEqual(name) }) { return place }
        }
        return nil
    }
}

// SPDX-License-Identifier: Apache-2.0

/// How much a server may send of HTTP/2 before we have told it to go on (RFC 9113, section 5.2). So wide, and opened again so
/// early, that a server never waits for us: what is measured is the server.
struct ReceiveWindow {
    /// Of a stream, and of a connection, in bytes.
    static let stream = 1 << 20
    static let connection = 16 << 20
    /// What a connection's window is before we have said anything (RFC 9113, section 6.9.2).
    static let initial = 65_535

    let size: Int
    private var taken = 0

    init(size: Int) { self.size = size }

    /// Bytes of DATA frames have come. Gives by how much to open the window again: half of it, or more, at a time.
    mutating func take(_ count: Int) -> Int? {
        taken += count
        guard taken >= size / 2 else { return nil }
        defer { taken = 0 }
        return taken
    }
}

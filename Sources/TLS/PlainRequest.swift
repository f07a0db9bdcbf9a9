// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Somebody who speaks HTTP without TLS to a port that speaks TLS.
enum PlainRequest {
    /// What that client reads.
    static let answer: StaticString = """
        HTTP/1.1 400 Bad Request\r
        Content-Type: text/plain\r
        Content-Length: 25\r
        Connection: close\r
        \r
        This port speaks HTTPS.\r

        """

    /// Whether a connection begins as a request does: a method in capitals, of which a part is enough, and a space. TLS
    /// begins with a byte that is no letter (22; RFC 8446, section 5.1).
    static func begins(_ bytes: ByteBuffer) -> Bool {
        let beginning = bytes.readableBytesView.prefix(16)
        let method = beginning.prefix { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }
        guard !method.isEmpty else { return false }
        return method.count == beginning.count || beginning[method.endIndex] == UInt8(ascii: " ")
    }
}

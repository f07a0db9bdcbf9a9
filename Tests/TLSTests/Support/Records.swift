// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The records in what a peer has sent (RFC 8446, section 5.1), from outside.
enum Records {
    /// The length of each one's content, encrypted.
    static func lengths(_ bytes: ByteBuffer) -> [Int] {
        var rest = bytes
        var lengths: [Int] = []
        while rest.readBytes(length: 3) != nil, let length = rest.readInteger(as: UInt16.self) {
            lengths.append(Int(length))
            guard rest.readSlice(length: Int(length)) != nil else { break }
        }
        return lengths
    }
}

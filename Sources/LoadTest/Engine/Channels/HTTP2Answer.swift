// SPDX-License-Identifier: Apache-2.0

internal import NIOHPACK

/// What a server says over HTTP/2, in the words of HTTP/1.1: so there is one reader for both, and one name for each fault. The
/// body goes through in place, as chunks, each a DATA frame; its end is the last chunk, and a reset is a body without one.
enum HTTP2Answer {
    /// Follows the bytes of a frame.
    static let chunkEnd: [UInt8] = [0x0D, 0x0A]
    /// The body's end, and that of its trailers.
    static let bodyEnd = Array("0\r\n\r\n".utf8)

    /// What its reader asks for: the status, and what the body is. Nil where there is no status.
    static func head(_ fields: HPACKHeaders) -> [UInt8]? {
        guard let status = fields.first(name: ":status"), status.utf8.count == 3, Int(status) != nil else { return nil }
        var head = Array("HTTP/1.1 \(status) \r\n".utf8)
        for name in ["content-type", "content-encoding"] {
            guard let value = fields.first(name: name) else { continue }
            head += Array("\(name): ".utf8)
            // A line's end in a value would begin another field.
            head += value.utf8.map { $0 < 0x20 ? 0x20 : $0 }
            head += chunkEnd
        }
        return head + Array("transfer-encoding: chunked\r\n\r\n".utf8)
    }

    /// An interim answer (RFC 9110, section 15.2), after which another head comes.
    static func isInterim(_ fields: HPACKHeaders) -> Bool {
        fields.first(name: ":status")?.first == "1"
    }

    /// Comes before the bytes of a frame; there has to be at least one.
    static func chunkHead(_ count: Int) -> [UInt8] {
        Array("\(String(count, radix: 16))\r\n".utf8)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import NIOHTTP1

/// Writes the head of an HTTP/1.1 response (RFC 9112, section 4); HTTP/1.0 clients get the same version line.
enum ResponseHead {
    static func render(
        _ status: HTTPResponse.Status,
        _ fields: HTTPFields,
        closing: Bool,
        date: [UInt8]
    ) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(512)
        let phrase =
            status.reasonPhrase.isEmpty ? HTTPResponseStatus(statusCode: status.code).reasonPhrase : status.reasonPhrase
        head.append(contentsOf: "HTTP/1.1 \(status.code) \(phrase)\r\ndate: ".utf8)
        head.append(contentsOf: date)
        head.append(contentsOf: "\r\n".utf8)
        for field in fields {
            head.append(contentsOf: field.name.rawName.utf8)
            head.append(contentsOf: ": ".utf8)
            head.append(contentsOf: field.value.utf8)
            head.append(contentsOf: "\r\n".utf8)
        }
        head.append(contentsOf: (closing ? "connection: close\r\n\r\n" : "connection: keep-alive\r\n\r\n").utf8)
        return head
    }
}

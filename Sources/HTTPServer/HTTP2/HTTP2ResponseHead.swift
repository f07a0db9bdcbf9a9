// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import NIOHPACK

/// Writes the head of a response of HTTP/2 (RFC 9113, section 8.3.2).
enum HTTP2ResponseHead {
    static func render(_ status: HTTPResponse.Status, _ fields: HTTPFields, date: [UInt8]) -> HPACKHeaders {
        var head = HPACKHeaders()
        head.reserveCapacity(fields.count + 2)
        head.add(name: ":status", value: String(status.code))
        // Another each second: in the table of fields it would only push out what comes again.
        head.add(name: "date", value: String(decoding: date, as: UTF8.self), indexing: .nonIndexable)
        for field in fields {
            let name = field.name.canonicalName
            if connectionFields.contains(name) { continue }
            head.add(name: name, value: field.value, indexing: singular.contains(name) ? .nonIndexable : .indexable)
        }
        return head
    }

    /// What it takes on the wire at most, about: names and values.
    static func size(_ head: HPACKHeaders) -> Int {
        head.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    }

    /// Whether it goes into one frame of those that every client takes (RFC 9113, section 4.2): the library makes but
    /// one of it, and ends the connection where that is too long.
    static func fits(_ head: HPACKHeaders) -> Bool {
        size(head) + head.count * fieldOverhead <= 16_384
    }

    /// Both strings' lengths and the kind of a field at most (RFC 7541, section 6.2).
    private static let fieldOverhead = 8

    /// Of another value each time: in the table of fields they would push out those that come again.
    private static let singular: Set<String> = [
        "content-length", "location", "etag", "x-stream-id", "x-request-id", "request-id", "openai-processing-ms",
    ]

    /// They say something of a connection of HTTP/1, and make a response of HTTP/2 malformed (section 8.2.2).
    private static let connectionFields: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
    ]
}

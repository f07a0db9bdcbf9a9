// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHPACK

/// A target's request, as it goes into each stream of HTTP/2.
struct HTTP2Request {
    let headers: HPACKHeaders
    /// Nil: the headers end the request.
    let body: ByteBuffer?

    /// A field of the target's takes the place of ours of the same name; `host` becomes `:authority`
    /// (RFC 9113, section 8.3.1).
    init(_ target: Target, userAgent: String) {
        var own = [("user-agent", userAgent), ("accept", "text/event-stream, */*")]
        if let body = target.body {
            own.append(("content-type", "application/json"))
            own.append(("content-length", String(body.count)))
        }
        let told = target.headers.map { (name: $0.name.lowercased(), value: $0.value) }
        let replaced = Set(told.map(\.name))
        var headers = HPACKHeaders([
            (":method", target.body == nil ? "GET" : "POST"), (":scheme", target.isSecure ? "https" : "http"),
            (":path", target.path), (":authority", told.last { $0.name == "host" }?.value ?? target.authority),
        ])
        for (name, value) in own where !replaced.contains(name) { headers.add(name: name, value: value) }
        for field in told where !Self.ofConnections.contains(field.name) {
            // Keys stay out of the tables of compression, which others may probe (RFC 7541, section 7.1.3).
            let isSecret = field.name == "authorization" || field.name.hasSuffix("key")
            headers.add(name: field.name, value: field.value, indexing: isSecret ? .neverIndexed : .indexable)
        }
        self.headers = headers
        body = target.body.map { ByteBuffer(bytes: $0) }
    }

    /// Of HTTP/1 alone (RFC 9113, section 8.2.2), or told in another way.
    private static let ofConnections: Set = [
        "host", "connection", "keep-alive", "proxy-connection", "upgrade", "te", "transfer-encoding",
    ]
}

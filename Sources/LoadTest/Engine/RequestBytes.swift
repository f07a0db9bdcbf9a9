// SPDX-License-Identifier: Apache-2.0

/// A request as it goes over the wire: made once for each target, and sent again and again.
enum RequestBytes {
    /// A POST where the target has a body, else a GET. A field of the target's takes the place of ours of the same name.
    static func render(_ target: Target, userAgent: String, keepsConnections: Bool) -> [UInt8] {
        var own: [(name: String, value: String)] = [
            ("Host", target.authority), ("User-Agent", userAgent), ("Accept", "text/event-stream, */*"),
        ]
        if !keepsConnections { own.append(("Connection", "close")) }
        if let body = target.body {
            own.append(("Content-Type", "application/json"))
            own.append(("Content-Length", String(body.count)))
        }
        let replaced = Set(target.headers.map { $0.name.lowercased() })
        var head = "\(target.body == nil ? "GET" : "POST") \(target.path) HTTP/1.1\r\n"
        for field in own where !replaced.contains(field.name.lowercased()) {
            head += "\(field.name): \(field.value)\r\n"
        }
        for field in target.headers { head += "\(field.name): \(field.value)\r\n" }
        return Array((head + "\r\n").utf8) + (target.body ?? [])
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import NIOHTTP1

extension ServerRequest {
    /// A request of HTTP/1. Fields whose names the parser took but the field's type does not are left out.
    init(_ head: HTTPRequestHead, body: [UInt8], facts: ConnectionFacts) {
        var fields = HTTPFields()
        fields.reserveCapacity(head.headers.count)
        for (name, value) in head.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        self.init(
            method: HTTPRequest.Method(head.method.rawValue) ?? .get,
            target: head.uri,
            fields: fields,
            body: body,
            hasBody: head.headers.contains(name: "content-length")
                || head.headers.contains(name: "transfer-encoding"),
            host: head.headers.first(name: "host"),
            isOverCapacity: facts.isOverCapacity,
            isSecure: facts.tls != nil,
            clientName: facts.clientName
        )
    }
}

// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// A whole request, as it came.
public struct ServerRequest: Sendable {
    public var method: HTTPRequest.Method
    /// The target without its query, percent-encoded.
    public var path: String
    /// What follows the first `?` of the target, percent-encoded; nil where there is none.
    public var query: String?
    public var fields: HTTPFields
    public var body: [UInt8]
    /// The head told of a body, by its length or as chunked (RFC 9112, section 6.3), or over HTTP/2 by not ending the
    /// stream (RFC 9113, section 8.1); else there is none.
    public var hasBody: Bool
    /// The `Host` field, over HTTP/2 the authority; nil in an HTTP/1.0 request without one.
    public var host: String?
    /// There are more connections than the limit allows: the answer is to say so, briefly.
    public var isOverCapacity: Bool
    /// It came over TLS.
    public var isSecure: Bool
    /// The key's name that the client's certificate stands for; nil where it showed none, or one
    /// without a name.
    public var clientName: String?

    public init(
        method: HTTPRequest.Method,
        target: String,
        fields: HTTPFields,
        body: [UInt8] = [],
        hasBody: Bool? = nil,
        host: String? = nil,
        isOverCapacity: Bool = false,
        isSecure: Bool = false,
        clientName: String? = nil
    ) {
        let target = Self.originForm(target)
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        self.method = method
        self.path = String(target[..<(mark ?? target.endIndex)])
        self.query = mark.map { String(target[target.utf8.index(after: $0)...]) }
        self.fields = fields
        self.body = body
        self.hasBody = hasBody ?? !body.isEmpty
        self.host = host
        self.isOverCapacity = isOverCapacity
        self.isSecure = isSecure
        self.clientName = clientName
    }

    /// A server takes the absolute form of a target too (RFC 9112, section 3.2.2).
    private static func originForm(_ target: String) -> Substring {
        guard !target.hasPrefix("/") else { return target[...] }
        for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.count)
            guard let end = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return "/" }
            return rest[end] == "/" ? rest[end...] : "/" + rest[end...]
        }
        return target[...]
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import NIOHPACK

/// The head of a request of HTTP/2: its pseudo-fields and its fields (RFC 9113, section 8.3.1).
///
/// The library has checked already which fields there are, their names and their characters.
struct HTTP2RequestHead {
    private(set) var method = ""
    private(set) var target = ""
    private(set) var authority: String?
    private(set) var fields = HTTPFields()
    private(set) var contentLength: Int?
    private(set) var expectation: String?
    /// As `SETTINGS_MAX_HEADER_LIST_SIZE` counts it (RFC 9113, section 6.5.2).
    private(set) var size = 0
    private var host: String?

    /// - Parameter limit: Of its size. Of a head beyond it the rest of the fields is left out.
    init(_ headers: HPACKHeaders, limit: Int) {
        fields.reserveCapacity(headers.count)
        var cookies: [String] = []
        for (name, value, _) in headers {
            size += name.utf8.count + value.utf8.count + Self.fieldOverhead
            if size > limit, !name.hasPrefix(":") { continue }
            switch name {
            case ":method": method = value
            case ":path": target = value
            case ":authority": authority = value
            case ":scheme", ":protocol": break
            case "cookie": cookies.append(value)
            default:
                if name == "host" { host = value }
                if name == "content-length" { contentLength = Int(value) }
                if name == "expect" { expectation = value }
                if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
            }
        }
        // A client may send its cookies in crumbs, so that each is found again in the table of fields (section 8.2.3).
        if !cookies.isEmpty { fields[.cookie] = cookies.joined(separator: "; ") }
    }

    private static let fieldOverhead = 32

    /// Why nobody is to look at what is asked for; nil where nothing is wrong.
    func problem(_ limits: HTTPLimits) -> HTTPProblem? {
        if target.utf8.count > limits.target { return .targetTooLong(limit: limits.target) }
        if size > limits.head { return .headTooLarge(limit: limits.head) }
        if method == HTTPRequest.Method.connect.rawValue { return .connectNotSupported }
        guard HTTPRequest.Method(method) != nil else { return .malformedHTTP2("its method is no token") }
        guard target.hasPrefix("/") || target == "*" else { return .malformedHTTP2("its path does not begin with /") }
        guard let name = authority ?? host else { return .malformedHTTP2("it names no authority") }
        if let host, host.lowercased() != name.lowercased() {
            return .malformedHTTP2("authority and Host are not the same")
        }
        return nil
    }

    func request(body: [UInt8], hasBody: Bool, facts: ConnectionFacts) -> ServerRequest {
        ServerRequest(
            method: HTTPRequest.Method(method) ?? .get,
            target: target,
            fields: fields,
            body: body,
            hasBody: hasBody,
            host: authority ?? host,
            isOverCapacity: facts.isOverCapacity,
            isSecure: facts.tls != nil,
            clientName: facts.clientName
        )
    }
}

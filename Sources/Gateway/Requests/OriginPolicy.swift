// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import HTTPTypes

/// Decides which pages may use the server (Fetch standard, "CORS protocol") and by which names.
///
/// Where an upstream is configured, a stranger's page must not spend its visitor's tokens: neither by asking across
/// origins, nor by a host name of its own that it makes point here (DNS rebinding).
struct OriginPolicy: Sendable {
    private static let loopbackNames: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    private static let exposed = """
        location, retry-after, retry-after-ms, x-stream-id, x-request-id, request-id, openai-processing-ms, \
        x-vercel-ai-ui-message-stream, x-should-retry
        """

    private let origins: Set<String>
    private let hosts: Set<String>
    private let allowsEveryOrigin: Bool
    /// There is something to spend.
    private let guardsUpstream: Bool

    init(_ configuration: GatewayConfiguration) {
        self.origins = Set(configuration.corsOrigins.map { $0.lowercased() })
        self.hosts = Set(configuration.hosts.map { $0.lowercased() })
        self.allowsEveryOrigin = configuration.corsOrigins.contains("*")
        self.guardsUpstream = !configuration.upstreams.isEmpty
    }

    /// Whether `text` is `*`, or a scheme, a host and maybe a port.
    static func isOrigin(_ text: String) -> Bool {
        if text == "*" { return true }
        guard let host = host(ofOrigin: text), !host.isEmpty else { return false }
        return host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._:[]".contains($0)) }
    }

    /// Why a request is refused; nil where it is not.
    /// - Parameter isGuarded: The request is for what no stranger's page may touch, upstream or not.
    func refusal(of request: ServerRequest, isGuarded: Bool = false) -> String? {
        guard guardsUpstream || isGuarded else { return nil }
        if let host = request.host, !isKnown(host: host) {
            return "The host \"\(host.prefix(100))\" is not known here. Add it with --allow-host or hosts:."
        }
        if let origin = request.fields[.origin], !isAllowed(origin, to: request) {
            return "Pages of \"\(origin.prefix(100))\" may not use this server. Add it with --cors-origin."
        }
        return nil
    }

    /// The fields that let the page of `request`, if it may, read the answer.
    func fields(for request: ServerRequest) -> HTTPFields {
        var fields: HTTPFields = [.vary: "Origin"]
        guard let origin = request.fields[.origin], isAllowed(origin, to: request) else { return fields }
        if allowsEveryOrigin {
            fields[.accessControlAllowOrigin] = "*"
        } else {
            fields[.accessControlAllowOrigin] = origin
            fields[.accessControlAllowCredentials] = "true"
        }
        fields[.accessControlExposeHeaders] = Self.exposed
        return fields
    }

    /// The fields of an answer to a preflight.
    /// - Parameter isAPI: The SDKs send fields of their own, new ones with each version: what the page asks for is let
    ///   through, for the API itself ignores what it does not know.
    func preflightFields(for request: ServerRequest, isAPI: Bool = false) -> HTTPFields {
        var fields = fields(for: request)
        guard fields.contains(.accessControlAllowOrigin) else { return fields }
        fields[.accessControlAllowMethods] = "GET, POST, HEAD, OPTIONS, DELETE"
        let asked = HTTPField.Name("access-control-request-headers").flatMap { request.fields[$0] }
        let own = "last-event-id, idempotency-key, content-type, authorization"
        fields[.accessControlAllowHeaders] = isAPI ? asked ?? own : own
        fields[.accessControlMaxAge] = "86400"
        return fields
    }

    /// A page of the server's own may, except one that came in plain to a server of TLS: anybody may have written that.
    /// The other way round a proxy stands in between, which speaks TLS for us.
    private func isAllowed(_ origin: String, to request: ServerRequest) -> Bool {
        let origin = origin.lowercased()
        if allowsEveryOrigin || origins.contains(origin) { return true }
        guard let originHost = Self.host(ofOrigin: origin) else { return false }
        if Self.loopbackNames.contains(HostName.withoutPort(originHost)) { return true }
        return originHost == request.host?.lowercased() && (!request.isSecure || origin.hasPrefix("https://"))
    }

    private func isKnown(host: String) -> Bool {
        let host = host.lowercased()
        let name = HostName.withoutPort(host)
        return Self.loopbackNames.contains(name) || hosts.contains(name) || hosts.contains(host)
    }

    private static func host(ofOrigin origin: String) -> String? {
        for scheme in ["http://", "https://"] where origin.lowercased().hasPrefix(scheme) {
            return String(origin.dropFirst(scheme.count))
        }
        return nil
    }
}

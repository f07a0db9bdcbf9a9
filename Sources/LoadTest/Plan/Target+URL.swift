// SPDX-License-Identifier: Apache-2.0

extension Target {
    private static let example = "http://127.0.0.1:8080/v1/chat/completions"

    /// - Parameter url: `http://host[:port][/path][?query]`, or `https://…`; the port is 80 or 443 and the path `/` where none
    ///   is told. A host may be an IPv6 address in brackets. What follows `#` is left out.
    public init(url: String) throws(PlanProblem) {
        let (isSecure, rest) = try Self.withoutScheme(url)
        let authorityEnd = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let (host, port) = try Self.hostAndPort(rest[..<authorityEnd], of: url)
        let place = rest[authorityEnd...].prefix { $0 != "#" }
        self.init(
            url: url,
            host: host,
            port: port ?? Self.defaultPort(isSecure),
            isSecure: isSecure,
            path: try Self.escaped(place.hasPrefix("/") ? String(place) : "/\(place)", of: url)
        )
    }

    /// For the field `host`: with its brackets where it is an IPv6 address, and with the port where that is not the scheme's own.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == Self.defaultPort(isSecure) ? name : "\(name):\(port)"
    }

    private static func defaultPort(_ isSecure: Bool) -> UInt16 { isSecure ? 443 : 80 }

    private static func withoutScheme(_ url: String) throws(PlanProblem) -> (isSecure: Bool, rest: Substring) {
        guard let colon = url.firstRange(of: "://") else {
            throw PlanProblem("'\(url)' has no scheme", example: url.isEmpty ? example : "http://\(url)")
        }
        switch url[..<colon.lowerBound].lowercased() {
        case "http": return (false, url[colon.upperBound...])
        case "https": return (true, url[colon.upperBound...])
        default: throw PlanProblem("'\(url)' is no address of an HTTP server", example: example)
        }
    }

    /// The port is nil where none is told.
    private static func hostAndPort(
        _ authority: Substring,
        of url: String
    ) throws(PlanProblem) -> (host: String, port: UInt16?) {
        guard !authority.contains("@") else {
            throw PlanProblem(
                "'\(url)' holds a user's name or password, which would stand in reports",
                example: "--header 'authorization: Basic …'"
            )
        }
        let isBracketed = authority.hasPrefix("[")
        let hostEnd = isBracketed ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":") ?? authority.endIndex
        guard let hostEnd else { throw PlanProblem("'\(url)' has a bracket that does not close", example: example) }
        let host = isBracketed ? authority[..<hostEnd].dropFirst() : authority[..<hostEnd]
        let isAllowed: (UInt8) -> Bool = { byte in
            isBracketed
                ? Character(Unicode.Scalar(byte)).isHexDigit || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
                : byte.isLetterOrDigit || "-._".utf8.contains(byte)
        }
        guard !host.isEmpty, host.utf8.allSatisfy(isAllowed) else {
            throw PlanProblem("'\(url)' has no host", example: example)
        }
        let rest = authority[hostEnd...].dropFirst(isBracketed ? 1 : 0)
        if rest.isEmpty { return (String(host), nil) }
        guard rest.hasPrefix(":"), let port = UInt16(rest.dropFirst()), port > 0 else {
            throw PlanProblem("the port of '\(url)' is no number from 1 to 65535", example: example)
        }
        return (String(host), port)
    }

    /// With what may not stand in a request's line as `%` and two digits.
    private static func escaped(_ path: String, of url: String) throws(PlanProblem) -> String {
        guard path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw PlanProblem("the path of '\(url)' holds a control character")
        }
        return path.percentEncoded { $0 > 0x20 && $0 < 0x7F }
    }
}

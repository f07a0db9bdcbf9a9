// SPDX-License-Identifier: Apache-2.0

extension Target {
    private static let example = "http://127.0.0.1:8080/v1/chat/completions"

    /// - Parameter url: `http://host[:port][/path][?query]`; the port is 80 and the path `/` where none is told. A host may be
    ///   an IPv6 address in brackets. What follows `#` is left out.
    public init(url: String) throws(PlanProblem) {
        let rest = try Self.withoutScheme(url)
        let authorityEnd = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let (host, port) = try Self.hostAndPort(rest[..<authorityEnd], of: url)
        let place = rest[authorityEnd...].prefix { $0 != "#" }
        self.init(
            url: url,
            host: host,
            port: port,
            path: try Self.escaped(place.hasPrefix("/") ? String(place) : "/\(place)", of: url)
        )
    }

    /// For the field `host`: with its brackets where it is an IPv6 address, and with the port where that is not 80.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 80 ? name : "\(name):\(port)"
    }

    private static func withoutScheme(_ url: String) throws(PlanProblem) -> Substring {
        guard let colon = url.range(of: "://") else {
            throw PlanProblem("'\(url)' has no scheme", example: url.isEmpty ? example : "http://\(url)")
        }
        switch url[..<colon.lowerBound].lowercased() {
        case "http": return url[colon.upperBound...]
        case "https":
            throw PlanProblem(
                "'\(url)' asks for TLS, which bench does not speak yet (verify does): measure the plain port behind it, or put "
                    + "a proxy that ends TLS before the server"
            )
        default: throw PlanProblem("'\(url)' is no address of an HTTP server", example: example)
        }
    }

    private static func hostAndPort(
        _ authority: Substring,
        of url: String
    ) throws(PlanProblem) -> (host: String, port: UInt16) {
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
                ? byte.isHexDigit || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
                : byte.isLetterOrDigit || "-._".utf8.contains(byte)
        }
        guard !host.isEmpty, host.utf8.allSatisfy(isAllowed) else {
            throw PlanProblem("'\(url)' has no host", example: example)
        }
        let rest = authority[hostEnd...].dropFirst(isBracketed ? 1 : 0)
        if rest.isEmpty { return (String(host), 80) }
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

extension String {
    /// Its bytes; those that are not plain as `%` and two digits (RFC 3986).
    func percentEncoded(_ isPlain: (UInt8) -> Bool) -> String {
        utf8.reduce(into: "") { text, byte in
            if isPlain(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }

    /// Where `text` first stands.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

extension UInt8 {
    var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    fileprivate var isHexDigit: Bool { Character(Unicode.Scalar(self)).isHexDigit }
}

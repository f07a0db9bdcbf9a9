// SPDX-License-Identifier: Apache-2.0

/// Which of several certificates is for the host that a client names (SNI, RFC 6066, section 3).
struct ServerNames: Sendable {
    private var exact: [String: Int] = [:]
    /// By what follows the `*.`.
    private var wildcards: [String: Int] = [:]

    /// - Parameter names: Of each certificate, those that it is for. Where two have the same one, the first is taken.
    init(_ names: [[String]]) {
        for (index, names) in names.enumerated() {
            for name in names.map(Self.canonical) {
                if name.hasPrefix("*.") {
                    wildcards[String(name.dropFirst(2))] = wildcards[String(name.dropFirst(2))] ?? index
                } else {
                    exact[name] = exact[name] ?? index
                }
            }
        }
    }

    /// The certificate for `host`; nil where none is. A wildcard stands for one label (RFC 6125, section 6.4.3).
    func index(for host: String) -> Int? {
        let host = Self.canonical(host)
        if let index = exact[host] { return index }
        guard let dot = host.firstIndex(of: "."), dot != host.startIndex else { return nil }
        return wildcards[String(host[host.index(after: dot)...])]
    }

    /// Case does not matter, nor the dot of the root.
    private static func canonical(_ name: String) -> String {
        let lower = name.lowercased()
        return lower.hasSuffix(".") ? String(lower.dropLast()) : lower
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import NIOCore
internal import TLS

extension TLSSettings {
    private static let keys = [
        "certificates", "self_signed", "oldest_version", "client", "tickets", "handshake_ms", "handshakes",
        "redirect_port", "redirect_to_port", "hsts_seconds",
    ]

    /// Reads the section `tls` of a configuration file.
    /// - Parameter limits: Those of the handshake are among the keys.
    init(_ node: ConfigurationNode, limits: inout TLSLimits) throws(ConfigurationProblem) {
        self.init()
        let members = try node.members(known: Self.keys)
        if let node = members["certificates"] {
            for item in try node.items() { server.certificates.append(try Self.files(item)) }
        }
        if let node = members["self_signed"] {
            isSelfSigned = try node.flag()
            guard !isSelfSigned || server.certificates.isEmpty else {
                throw node.problem("is for servers without \"certificates\"; take one of the two out")
            }
        }
        guard isSelfSigned || !server.certificates.isEmpty else {
            throw node.problem("needs \"certificates\", or for development \"self_signed: true\"")
        }
        if let node = members["oldest_version"] {
            server.oldestVersion = try node.choice(of: TLSVersion.allCases.map { ($0.rawValue, $0) })
        }
        if let node = members["client"] { server.clients = try Self.clients(node) }
        if let node = members["tickets"] { try Self.read(node, into: &server.tickets) }
        if let node = members["handshake_ms"] {
            limits.handshakeTime = .milliseconds(Int64(try node.integer(in: 100...600_000)))
        }
        if let node = members["handshakes"] { limits.handshakes = try node.integer(in: 1...100_000) }
        if let node = members["redirect_port"] { redirectPort = try node.integer(in: 0...65535) }
        if let node = members["redirect_to_port"] {
            guard redirectPort != nil else { throw node.problem("needs a \"redirect_port\", which is what redirects") }
            redirectTarget = try node.integer(in: 1...65535)
        }
        if let node = members["hsts_seconds"] { strictTransportSeconds = try node.integer(in: 0...1_000_000_000) }
    }

    private static func files(_ node: ConfigurationNode) throws(ConfigurationProblem) -> CertificateFiles {
        let members = try node.members(known: ["certificate_file", "key_file"])
        guard let certificate = members["certificate_file"], let key = members["key_file"] else {
            throw node.problem("needs a \"certificate_file\" and its \"key_file\"")
        }
        return CertificateFiles(certificate: try path(certificate), key: try path(key))
    }

    private static func clients(_ node: ConfigurationNode) throws(ConfigurationProblem) -> ClientCertificates {
        let members = try node.members(known: ["ca_file", "required", "keys"])
        guard let file = members["ca_file"] else {
            throw node.problem("needs a \"ca_file\": the authorities whose certificates are taken")
        }
        var clients = ClientCertificates(authorities: try path(file))
        if let node = members["required"] { clients.isRequired = try node.flag() }
        if let node = members["keys"] {
            for (name, node) in try node.namedMembers() {
                let key = try node.text()
                guard !key.isEmpty else { throw node.problem("is empty") }
                clients.keyNames[name] = key
            }
        }
        return clients
    }

    private static func read(
        _ node: ConfigurationNode,
        into tickets: inout TicketSettings
    ) throws(ConfigurationProblem) {
        let members = try node.members(known: ["enabled", "secret", "rotation_seconds"])
        if let node = members["enabled"] { tickets.isEnabled = try node.flag() }
        if let node = members["secret"] {
            let secret = Array(try node.text().utf8)
            guard secret.count >= 32 else { throw node.problem("has to have 32 bytes at least: openssl rand -hex 32") }
            tickets.secret = secret
        }
        if let node = members["rotation_seconds"] { tickets.rotation = try node.integer(in: 60...604_800) }
    }

    private static func path(_ node: ConfigurationNode) throws(ConfigurationProblem) -> String {
        let path = try node.text()
        guard !path.isEmpty else { throw node.problem("is empty") }
        return path
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import TLS

extension TLSSettings {
    /// Reads the certificates, or makes one.
    /// - Parameters:
    ///   - hosts: Names by which clients reach the server, with or without a port.
    ///   - offersHTTP2: h2 is among the protocols.
    func makeStore(hosts: [String], offersHTTP2: Bool) throws(TLSProblem) -> CertificateStore {
        var settings = server
        if isSelfSigned {
            let names = hosts.map { HostName.withoutPort($0).filter { $0 != "[" && $0 != "]" } }
            settings.selfSignedNames = ["localhost", "127.0.0.1", "::1"] + names
        }
        if !offersHTTP2 { settings.protocols.removeAll { $0 == "h2" } }
        return try CertificateStore(settings)
    }
}

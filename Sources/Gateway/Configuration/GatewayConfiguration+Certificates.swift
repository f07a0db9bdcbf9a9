// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import TLS

extension GatewayConfiguration {
    /// Shows one certificate in the place of all others.
    /// - Parameters:
    ///   - file: The certificate with its chain, PEM.
    ///   - key: Its private key, PEM.
    public mutating func showCertificate(_ file: String, key: String) {
        change { tls in
            tls.isSelfSigned = false
            tls.server.certificates = [CertificateFiles(certificate: file, key: key)]
        }
    }

    /// Makes a certificate of its own, in the place of all others.
    public mutating func signByItself() {
        change { tls in
            tls.isSelfSigned = true
            tls.server.certificates = []
        }
    }

    private mutating func change(_ body: (inout TLSSettings) -> Void) {
        var settings = tls ?? TLSSettings()
        body(&settings)
        tls = settings
    }

    /// Clients without TLS may begin with HTTP/2.
    public mutating func takePriorKnowledge() {
        http.http2.takesPriorKnowledge = true
    }

    /// Reads the certificates as a server would.
    /// - Parameter source: The file that names them, for the problem.
    /// - Returns: What is wrong with them, though they can be used.
    public func checkCertificates(source: String) throws(ConfigurationProblem) -> [String] {
        do throws(TLSProblem) {
            return try makeCertificates()?.warnings ?? []
        } catch {
            throw ConfigurationProblem(source: source, key: "tls", message: error.description)
        }
    }

    /// Nil where the port speaks plainly.
    func makeCertificates() throws(TLSProblem) -> CertificateStore? {
        try tls?.makeStore(hosts: hosts, offersHTTP2: http.http2.isOffered)
    }

    /// Only this machine reaches the server.
    var isLocal: Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }
}

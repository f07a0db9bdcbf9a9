// SPDX-License-Identifier: Apache-2.0

/// A certificate with its chain, and its private key: both PEM.
public struct CertificateFiles: Equatable, Sendable {
    /// The server's own certificate first, then those that signed it.
    public var certificate: String
    public var key: String

    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

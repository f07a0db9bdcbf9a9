// SPDX-License-Identifier: Apache-2.0

/// Whose certificates clients may show (mTLS), and what they stand for.
public struct ClientCertificates: Equatable, Sendable {
    /// The authorities that are trusted, PEM.
    public var authorities: String
    /// Who shows none is turned away in the handshake.
    public var isRequired: Bool
    /// The key's name for a certificate's name: its subject's common name, or one of its DNS names, addresses of mail and
    /// URIs. A certificate without an entry stands for `cn:` and its common name.
    public var keyNames: [String: String]

    public init(authorities: String, isRequired: Bool = false, keyNames: [String: String] = [:]) {
        self.authorities = authorities
        self.isRequired = isRequired
        self.keyNames = keyNames
    }
}

// SPDX-License-Identifier: Apache-2.0

/// How a server speaks TLS.
public struct TLSServerSettings: Equatable, Sendable {
    /// The first one is shown to clients that name no host, or an unknown one. Empty only where ``selfSignedNames`` is not.
    public var certificates: [CertificateFiles] = []
    /// Makes a certificate of its own for these names and addresses, for development.
    public var selfSignedNames: [String] = []
    public var oldestVersion = TLSVersion.v1_2
    /// Nil: clients are not asked for one.
    public var clients: ClientCertificates?
    public var tickets = TicketSettings()
    /// What may be spoken inside (ALPN), the dearest first.
    public var protocols = ["h2", "http/1.1"]

    public init() {}
}

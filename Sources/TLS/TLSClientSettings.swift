// SPDX-License-Identifier: Apache-2.0

/// How a client speaks TLS.
public struct TLSClientSettings: Equatable, Sendable {
    /// Trusted in the place of the system's authorities, PEM; nil: the system's.
    public var authorities: String?
    /// Takes any certificate.
    public var isUnverified = false
    public var oldestVersion = TLSVersion.v1_2
    public var newestVersion = TLSVersion.v1_3
    /// What is offered (ALPN), the dearest first; empty: nothing is.
    public var protocols: [String] = []
    /// Shown to a server that asks for one.
    public var certificate: CertificateFiles?

    public init() {}
}

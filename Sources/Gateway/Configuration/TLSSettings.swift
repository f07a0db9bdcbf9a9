// SPDX-License-Identifier: Apache-2.0

public import TLS

/// How the gateway's own port is protected.
public struct TLSSettings: Equatable, Sendable {
    public var server = TLSServerSettings()
    /// Makes a certificate of its own for the loopback names and the configured hosts, for development.
    public var isSelfSigned = false
    /// A plain port beside it that sends every request to the protected one; nil: there is none.
    public var redirectPort: Int?
    /// The port that it names; nil: the protected one as it is bound.
    public var redirectTarget: Int?
    /// Seconds for which browsers are told to ask over TLS alone (RFC 6797); nil: they are not told.
    public var strictTransportSeconds: Int?

    public init() {}

    /// Whether there are files of certificates that ``Gateway/reloadCertificates()`` would read.
    public var hasFiles: Bool { !server.certificates.isEmpty || server.clients != nil }
}

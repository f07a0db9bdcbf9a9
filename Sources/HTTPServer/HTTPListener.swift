// SPDX-License-Identifier: Apache-2.0

public import TLS

/// Where a server listens, and how it speaks there.
public struct HTTPListener: Sendable {
    /// An address or a name.
    public var host: String
    /// 0 lets the system choose.
    public var port: Int
    /// The certificates to show; nil: it speaks plainly.
    public var certificates: CertificateStore?

    public init(host: String, port: Int, certificates: CertificateStore? = nil) {
        self.host = host
        self.port = port
        self.certificates = certificates
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Where a server's certificate comes from.
enum CertificateSource: Sendable {
    case files(CertificateFiles)
    case selfSigned(SelfSignedCertificate)
}

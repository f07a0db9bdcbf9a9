// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// Whom a certificate is for.
struct CertificateNames: Equatable, Sendable {
    /// The subject's; nil where it has none.
    var common: String?
    var hosts: [String] = []
    /// Addresses of mail and URIs.
    var others: [String] = []

    init(common: String? = nil, hosts: [String] = [], others: [String] = []) {
        self.common = common
        self.hosts = hosts
        self.others = others
    }

    /// - Parameter certificate: An `X509`.
    init(of certificate: OpaquePointer) {
        common = Self.commonName(of: certificate)
        guard let raw = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return }
        let names = OpaquePointer(raw)
        defer { ctls_names_free(names) }
        for index in 0..<ctls_names_count(names) {
            guard let item = ctls_names_item(names, index)?.pointee else { continue }
            switch item.type {
            case GEN_DNS: hosts += Self.text(item.d.dNSName)
            case GEN_EMAIL: others += Self.text(item.d.rfc822Name)
            case GEN_URI: others += Self.text(item.d.uniformResourceIdentifier)
            default: break
            }
        }
    }

    private static func commonName(of certificate: OpaquePointer) -> String? {
        let subject = X509_get_subject_name(certificate)
        let index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        guard index >= 0, let data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)) else { return nil }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&bytes, data)
        defer { CRYPTO_free(bytes, #fileID, #line) }
        guard count > 0, let bytes else { return nil }
        return text(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }

    private static func text(_ string: UnsafeMutablePointer<ASN1_STRING>?) -> [String] {
        guard let string, let bytes = ASN1_STRING_get0_data(string) else { return [] }
        let count = Int(ASN1_STRING_length(string))
        return text(UnsafeBufferPointer(start: bytes, count: count)).map { [$0] } ?? []
    }

    /// A name with a NUL in it is one that somebody wants to be read wrongly.
    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard !bytes.isEmpty, !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}

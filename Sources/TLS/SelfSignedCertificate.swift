// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// A certificate that nobody vouches for, for development; lives in memory only.
final class SelfSignedCertificate: Sendable {
    private static let secondsOfLife = 30 * 86_400

    /// Complete before anybody else sees them, and only read after that; libcrypto counts their references by itself.
    private nonisolated(unsafe) let certificate: OpaquePointer
    private nonisolated(unsafe) let key: OpaquePointer

    /// - Parameter names: Hosts and addresses that it is for.
    init(names: [String]) throws(TLSProblem) {
        let alternatives = try Self.alternatives(names)
        LibraryErrors.clear()
        guard let key = ctls_make_key() else { throw Self.problem() }
        guard let certificate = X509_new() else {
            EVP_PKEY_free(key)
            throw Self.problem()
        }
        (self.key, self.certificate) = (key, certificate)
        guard Self.fill(certificate, key, alternatives) else { throw Self.problem() }
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    func use(in context: TLSContext) throws(TLSProblem) {
        guard SSL_CTX_use_certificate(context.pointer, certificate) == 1,
            SSL_CTX_use_PrivateKey(context.pointer, key) == 1
        else { throw Self.problem() }
    }

    private static func problem() -> TLSProblem {
        TLSProblem("a self-signed certificate cannot be made: \(LibraryErrors.take())")
    }

    /// The names as libcrypto's configuration has them; a comma in one would begin the next.
    private static func alternatives(_ names: [String]) throws(TLSProblem) -> String {
        var parts: [String] = []
        for name in names {
            let isPlain =
                !name.isEmpty
                && name.utf8.allSatisfy { byte in
                    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                        || Array("-._*:".utf8).contains(byte)
                }
            guard isPlain else { throw TLSProblem("\"\(name)\" is no host for a self-signed certificate") }
            let isAddress = name.contains(":") || name.allSatisfy { $0.isNumber || $0 == "." }
            parts.append(isAddress ? "IP:\(name)" : "DNS:\(name)")
        }
        return parts.joined(separator: ",")
    }

    private static func fill(_ certificate: OpaquePointer, _ key: OpaquePointer, _ alternatives: String) -> Bool {
        let subject = X509_get_subject_name(certificate)
        let serial = Int64.random(in: 1...Int64.max)
        guard X509_set_version(certificate, 2) == 1,  // Version 3 (RFC 5280, section 4.1.2.1).
            ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), serial) == 1,
            // A clock that is a little behind takes it too.
            X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != nil,
            X509_gmtime_adj(X509_getm_notAfter(certificate), secondsOfLife) != nil,
            X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, "typebar self-signed", -1, -1, 0) == 1,
            X509_set_issuer_name(certificate, subject) == 1, X509_set_pubkey(certificate, key) == 1,
            add(NID_basic_constraints, "critical,CA:FALSE", to: certificate),
            add(NID_ext_key_usage, "serverAuth", to: certificate),
            add(NID_subject_alt_name, alternatives, to: certificate)
        else { return false }
        return X509_sign(certificate, key, EVP_sha256()) > 0
    }

    private static func add(_ kind: Int32, _ value: String, to certificate: OpaquePointer) -> Bool {
        guard let item = X509V3_EXT_conf_nid(nil, nil, kind, value) else { return false }
        defer { X509_EXTENSION_free(item) }
        return X509_add_ext(certificate, item, -1) == 1
    }
}

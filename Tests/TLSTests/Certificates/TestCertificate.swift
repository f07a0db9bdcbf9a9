// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Glibc

@testable import TLS

/// A certificate that signs itself, in two files of a folder of its own, which goes with it.
final class TestCertificate {
    let files: CertificateFiles
    private let folder: String

    init(common: String = "test", hosts: [String] = [], from: Int = -3600, until: Int = 3600) throws {
        var template = Array("/tmp/typebar-tls-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TLSProblem("no folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        files = CertificateFiles(certificate: folder + "/certificate.pem", key: folder + "/key.pem")
        try write(common: common, hosts: hosts, from: from, until: until)
    }

    deinit {
        for file in [files.certificate, files.key] { unlink(file) }
        rmdir(folder)
    }

    /// Takes the place of what was there.
    func write(common: String, hosts: [String] = [], from: Int = -3600, until: Int = 3600) throws {
        guard let key = ctls_make_key(), let certificate = X509_new() else { throw TLSProblem("no certificate") }
        defer {
            X509_free(certificate)
            EVP_PKEY_free(key)
        }
        let subject = X509_get_subject_name(certificate)
        X509_set_version(certificate, 2)
        ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), .random(in: 1...Int64.max))
        X509_gmtime_adj(X509_getm_notBefore(certificate), from)
        X509_gmtime_adj(X509_getm_notAfter(certificate), until)
        X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, common, -1, -1, 0)
        X509_set_issuer_name(certificate, subject)
        X509_set_pubkey(certificate, key)
        if !hosts.isEmpty {
            let names = hosts.map { "DNS:\($0)" }.joined(separator: ",")
            let item = X509V3_EXT_conf_nid(nil, nil, NID_subject_alt_name, names)
            X509_add_ext(certificate, item, -1)
            X509_EXTENSION_free(item)
        }
        X509_sign(certificate, key, EVP_sha256())
        try Self.write(to: files.certificate) { PEM_write_bio_X509($0, certificate) }
        try Self.write(to: files.key) { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
    }

    static func write(_ text: String, to path: String) throws {
        try write(to: path) { BIO_write($0, text, Int32(text.utf8.count)) }
    }

    private static func write(to path: String, _ body: (OpaquePointer) -> Int32) throws {
        guard let file = BIO_new_file(path, "w") else { throw TLSProblem("no file") }
        defer { BIO_free(file) }
        guard body(file) > 0 else { throw TLSProblem("not written") }
    }
}

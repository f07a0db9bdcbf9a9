// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Glibc

/// The certificates of a server as they were read at one time, a context for each.
struct ServedCertificates: Sendable {
    /// Where each session begins; hands it to another one, where that is the right one (SNI).
    let first: TLSContext
    /// What a person should know: of certificates that are not valid now.
    let warnings: [String]

    init(
        _ sources: [CertificateSource],
        _ settings: TLSServerSettings,
        _ tickets: TicketKeys
    ) throws(TLSProblem) {
        var contexts: [TLSContext] = []
        for source in sources {
            contexts.append(try TLSContext(server: settings, certificate: source, tickets: tickets))
        }
        guard let first = contexts.first else {
            throw TLSProblem("there is no certificate: name one, with its key, or ask for a self-signed one")
        }
        self.first = first
        warnings = zip(sources, contexts).compactMap { Self.warning(of: $0, $1) }
        guard contexts.count > 1 else { return }
        let names = ServerNames(contexts.map(Self.hosts))
        SiblingContexts(names: names, others: Array(contexts.dropFirst())).install(in: first)
    }

    /// SHA-256 of the first certificate, as browsers show it: `AB:CD:…`.
    var fingerprint: String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard let certificate = SSL_CTX_get0_certificate(first.pointer),
            X509_digest(certificate, EVP_sha256(), &digest, &length) == 1
        else { return "" }
        return digest.prefix(Int(length)).map { byte in
            let text = String(byte, radix: 16, uppercase: true)
            return text.count == 1 ? "0\(text)" : text
        }.joined(separator: ":")
    }

    private static func hosts(_ context: TLSContext) -> [String] {
        SSL_CTX_get0_certificate(context.pointer).map { CertificateNames(of: $0).hosts } ?? []
    }

    private static func warning(of source: CertificateSource, _ context: TLSContext) -> String? {
        guard case .files(let files) = source, let certificate = SSL_CTX_get0_certificate(context.pointer),
            let begin = X509_get0_notBefore(certificate), let end = X509_get0_notAfter(certificate)
        else { return nil }
        if X509_cmp_current_time(end) < 0 {
            return "the certificate \(files.certificate) expired on \(day(end)); clients will refuse it"
        }
        if X509_cmp_current_time(begin) > 0 {
            return "the certificate \(files.certificate) is not valid before \(day(begin)); clients will refuse it"
        }
        return nil
    }

    /// Such as `2026-11-23`.
    private static func day(_ time: UnsafePointer<ASN1_TIME>) -> String {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return "an unknown day" }
        let month = parts.tm_mon + 1
        return
            "\(parts.tm_year + 1900)-\(month < 10 ? "0" : "")\(month)-\(parts.tm_mday < 10 ? "0" : "")\(parts.tm_mday)"
    }
}

// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Testing

@testable import TLS

struct ContextTests {
    private static func server(
        _ certificate: TestCertificate,
        _ change: (inout TLSServerSettings) -> Void = { _ in }
    ) throws -> TLSContext {
        var settings = TLSServerSettings()
        settings.certificates = [certificate.files]
        change(&settings)
        return try CertificateStore(settings).context
    }

    private static func client(_ change: (inout TLSClientSettings) -> Void = { _ in }) throws -> TLSContext {
        var settings = TLSClientSettings()
        settings.isUnverified = true
        change(&settings)
        return try TLSContext(client: settings)
    }

    // MARK: ALPN

    @Test(
        arguments: [
            (["h2", "http/1.1"], "h2"), (["http/1.1", "h2"], "h2"), (["http/1.1"], "http/1.1"), ([], nil),
        ] as [([String], String?)]
    )
    func `the server's dearest protocol is spoken`(offered: [String], spoken: String?) throws {
        let meeting = try Meeting(Self.client { $0.protocols = offered }, Self.server(TestCertificate()))
        #expect(meeting.isDone && meeting.negotiated == spoken, "\(meeting.problem)")
    }

    @Test func `no protocol in common is a fatal alert`() throws {
        let meeting = try Meeting(Self.client { $0.protocols = ["spdy/3"] }, Self.server(TestCertificate()))
        #expect(!meeting.isDone)
        #expect(meeting.problem.contains("no application protocol"), "\(meeting.problem)")
    }

    // MARK: Versions and ciphers

    @Test func `the newest version is spoken, with the cheapest of the good ciphers`() throws {
        let server = try Self.server(TestCertificate())
        let newest = try Meeting(Self.client(), server)
        #expect(newest.version == "TLSv1.3" && newest.cipher == "TLS_AES_128_GCM_SHA256")
        let older = try Meeting(Self.client { $0.newestVersion = .v1_2 }, server)
        #expect(older.version == "TLSv1.2" && older.cipher == "ECDHE-ECDSA-AES128-GCM-SHA256")
    }

    @Test func `a version that is too old is refused`() throws {
        let server = try Self.server(TestCertificate()) { $0.oldestVersion = .v1_3 }
        #expect(try !Meeting(Self.client { $0.newestVersion = .v1_2 }, server).isDone)
    }

    // MARK: Verification

    @Test func `a client trusts its own authorities, and by default not a stranger`() throws {
        let (known, stranger) = (try TestCertificate(), try TestCertificate())
        let trusting = try Self.client { settings in
            settings.isUnverified = false
            settings.authorities = known.files.certificate
        }
        #expect(try Meeting(trusting, Self.server(known)).isDone)
        #expect(try !Meeting(trusting, Self.server(stranger)).isDone)
        #expect(try !Meeting(Self.client { $0.isUnverified = false }, Self.server(stranger)).isDone)
    }

    // MARK: Tickets

    private static let secret = [UInt8](repeating: 1, count: 32)

    @Test(arguments: [TLSVersion.v1_2, .v1_3])
    func `a session is resumed at a node of the same secret, and at no other`(version: TLSVersion) throws {
        let certificate = try TestCertificate()
        let server = { (secret: [UInt8]?, isEnabled: Bool) in
            try Self.server(certificate) { settings in
                settings.tickets.secret = secret
                settings.tickets.isEnabled = isEnabled
            }
        }
        let client = try Self.client { $0.newestVersion = version }
        let first = try Meeting(client, server(Self.secret, true))
        #expect(first.isDone && !first.isResumed, "\(first.problem)")
        let session = first.session()
        defer { SSL_SESSION_free(session) }
        let again = try Meeting(client, server(Self.secret, true), resuming: session)
        #expect(again.isDone && again.isResumed, "\(again.problem)")
        for (secret, isEnabled) in [([UInt8](repeating: 2, count: 32), true), (nil, true), (Self.secret, false)] {
            let elsewhere = try Meeting(client, server(secret, isEnabled), resuming: session)
            #expect(elsewhere.isDone && !elsewhere.isResumed, "\(elsewhere.problem)")
        }
    }

    @Test(arguments: [TLSVersion.v1_2, .v1_3])
    func `a session of a later certificate is resumed as one of the first is`(version: TLSVersion) throws {
        let certificates = [try TestCertificate(hosts: ["a.example"]), try TestCertificate(hosts: ["b.example"])]
        var settings = TLSServerSettings()
        settings.certificates = certificates.map(\.files)
        let context = try CertificateStore(settings).context
        let client = try Self.client { $0.newestVersion = version }
        for host in ["a.example", "b.example"] {
            let session = try Meeting(client, context, host: host).session()
            defer { SSL_SESSION_free(session) }
            let again = try Meeting(client, context, host: host, resuming: session)
            #expect(again.isDone && again.isResumed, "\(host) \(again.problem)")
        }
    }

    @Test(arguments: [TLSVersion.v1_2, .v1_3])
    func `a session that other authorities let in is not resumed`(version: TLSVersion) throws {
        let (certificate, ops) = (try TestCertificate(), try TestCertificate(common: "ops"))
        let server = { (isRequired: Bool) in
            try Self.server(certificate) { settings in
                settings.tickets.secret = Self.secret
                settings.clients = ClientCertificates(authorities: ops.files.certificate, isRequired: isRequired)
            }
        }
        let client = try Self.client { settings in
            settings.newestVersion = version
            settings.certificate = ops.files
        }
        let session = try Meeting(client, server(false)).session()
        defer { SSL_SESSION_free(session) }
        let context = try server(false)
        let same = try Meeting(client, context, resuming: session)
        #expect(same.isResumed && same.clientName(in: context) == "cn:ops", "\(same.problem)")
        let stricter = try Meeting(client, server(true), resuming: session)
        #expect(stricter.isDone && !stricter.isResumed, "\(stricter.problem)")
    }
}

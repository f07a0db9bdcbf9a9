// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import TLS

struct CertificateStoreTests {
    private static func client(_ change: (inout TLSClientSettings) -> Void = { _ in }) throws -> TLSContext {
        var settings = TLSClientSettings()
        settings.isUnverified = true
        change(&settings)
        return try TLSContext(client: settings)
    }

    private static func store(
        _ certificates: [TestCertificate],
        _ change: (inout TLSServerSettings) -> Void = { _ in }
    ) throws -> CertificateStore {
        var settings = TLSServerSettings()
        settings.certificates = certificates.map(\.files)
        change(&settings)
        return try CertificateStore(settings)
    }

    // MARK: Which certificate

    @Test(arguments: ["1.2", "1.3"])
    func `each client gets the certificate for the host it asks for, else the first`(version: String) throws {
        let certificates = [
            try TestCertificate(common: "first", hosts: ["a.example"]),
            try TestCertificate(common: "wild", hosts: ["*.example.com"]),
            try TestCertificate(common: "exact", hosts: ["chat.example.com"]),
        ]
        let store = try Self.store(certificates)
        let client = try Self.client { settings in
            settings.newestVersion = version == "1.2" ? .v1_2 : .v1_3
            settings.protocols = ["h2"]
        }
        for (host, name) in [
            ("chat.example.com", "exact"), ("CHAT.example.com", "exact"), ("x.example.com", "wild"),
            ("a.example", "first"),
            ("nobody.example", "first"), (nil, "first"),
        ] as [(String?, String)] {
            let meeting = try Meeting(client, store.context, host: host)
            #expect(meeting.serverName == name && meeting.negotiated == "h2", "\(meeting.problem)")
            #expect(meeting.version == "TLSv\(version)")
        }
    }

    @Test func `a certificate of its own making is for the names it was made for`() throws {
        var settings = TLSServerSettings()
        settings.selfSignedNames = ["localhost", "127.0.0.1", "::1", "chat.example"]
        let store = try CertificateStore(settings)
        #expect(try Meeting(Self.client(), store.context).serverName == "typebar self-signed")
        #expect(store.warnings.isEmpty)
        #expect(store.fingerprint.utf8.count == 95 && store.fingerprint.split(separator: ":").count == 32)
        let fingerprint = store.fingerprint
        try store.reload()
        #expect(store.fingerprint == fingerprint)
    }

    @Test(arguments: ["a,DNS:evil.example", "", "a b", "a\n"])
    func `what is no host is no name of a certificate`(name: String) {
        var settings = TLSServerSettings()
        settings.selfSignedNames = [name]
        #expect(throws: TLSProblem.self) { try CertificateStore(settings) }
    }

    // MARK: Files

    @Test func `a file that is not there is named, with the reason`() throws {
        let certificate = try TestCertificate()
        unlink(certificate.files.certificate)
        let problem = #expect(throws: TLSProblem.self) { try Self.store([certificate]) }
        #expect(problem?.description.contains(certificate.files.certificate) == true)
        #expect(problem?.description.contains("No such file or directory") == true, "\(problem?.description ?? "")")
        try certificate.write(common: "again")
        unlink(certificate.files.key)
        let other = #expect(throws: TLSProblem.self) { try Self.store([certificate]) }
        #expect(other?.description.contains(certificate.files.key) == true)
    }

    @Test func `a file that is no PEM is named`() throws {
        let certificate = try TestCertificate()
        try TestCertificate.write("nonsense", to: certificate.files.certificate)
        let problem = #expect(throws: TLSProblem.self) { try Self.store([certificate]) }
        #expect(problem?.description.contains("no start line") == true, "\(problem?.description ?? "")")
    }

    @Test func `a key of another certificate is a problem of both files`() throws {
        let (one, other) = (try TestCertificate(), try TestCertificate())
        var settings = TLSServerSettings()
        settings.certificates = [CertificateFiles(certificate: one.files.certificate, key: other.files.key)]
        let problem = #expect(throws: TLSProblem.self) { try CertificateStore(settings) }
        #expect(problem?.description.contains("does not belong to") == true, "\(problem?.description ?? "")")
    }

    @Test func `no certificate at all is a problem`() {
        #expect(throws: TLSProblem.self) { try CertificateStore(TLSServerSettings()) }
    }

    @Test(arguments: [(-7200, -3600, "expired"), (3600, 7200, "not valid before")])
    func `a certificate that is not valid now is taken, and told of`(from: Int, until: Int, word: String) throws {
        let certificate = try TestCertificate(from: from, until: until)
        let store = try Self.store([certificate])
        #expect(store.warnings.count == 1 && store.warnings.first?.contains(word) == true)
        #expect(store.warnings.first?.contains(certificate.files.certificate) == true)
        #expect(try Meeting(Self.client(), store.context).isDone)
    }

    // MARK: Reading again

    @Test func `a changed file is taken in once, and sessions keep what they began with`() throws {
        let certificate = try TestCertificate(common: "old")
        let store = try Self.store([certificate])
        let before = store.context
        #expect(try !store.reloadIfChanged())
        try certificate.write(common: "new", hosts: ["longer.example"])
        #expect(try store.reloadIfChanged())
        #expect(try !store.reloadIfChanged())
        #expect(try Meeting(Self.client(), store.context).serverName == "new")
        #expect(try Meeting(Self.client(), before).serverName == "old")
    }

    @Test func `a broken file leaves all as it was, and is told once`() throws {
        let (one, other) = (try TestCertificate(common: "one"), try TestCertificate(common: "other"))
        let store = try Self.store([one, other])
        try one.write(common: "new", hosts: ["longer.example"])
        try TestCertificate.write("broken", to: other.files.key)
        #expect(throws: TLSProblem.self) { try store.reloadIfChanged() }
        #expect(try !store.reloadIfChanged())
        #expect(try Meeting(Self.client(), store.context).serverName == "one")
        #expect(throws: TLSProblem.self) { try store.reload() }
        try other.write(common: "other again")
        #expect(try store.reloadIfChanged())
        #expect(try Meeting(Self.client(), store.context).serverName == "new")
    }

    // MARK: Who clients are

    @Test func `a client's certificate stands for its key, and is asked for as strictly as was wished`() throws {
        let (server, ops) = (try TestCertificate(common: "server"), try TestCertificate(common: "ops"))
        let stranger = try TestCertificate(common: "stranger")
        let showing = { (certificate: TestCertificate) in try Self.client { $0.certificate = certificate.files } }
        for isRequired in [false, true] {
            let context = try Self.store([server]) { settings in
                settings.clients = ClientCertificates(
                    authorities: ops.files.certificate,
                    isRequired: isRequired,
                    keyNames: ["ops": "admin"]
                )
            }.context
            let known = try Meeting(showing(ops), context)
            #expect(known.isDone && known.clientName(in: context) == "admin", "\(known.problem)")
            let nobody = try Meeting(Self.client(), context)
            #expect(nobody.problem.isEmpty == !isRequired, "\(nobody.problem)")
            #expect(nobody.clientName(in: context) == nil)
            #expect(try !Meeting(showing(stranger), context).problem.isEmpty)
        }
    }

    @Test func `a file of authorities that is none is named`() throws {
        let server = try TestCertificate()
        let problem = #expect(throws: TLSProblem.self) {
            try Self.store([server]) { $0.clients = ClientCertificates(authorities: "/nowhere/ca.pem") }
        }
        #expect(problem?.description.contains("/nowhere/ca.pem") == true)
    }
}

// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import NIOCore
import TLS
import Testing

@testable import Gateway

struct TLSConfigurationTests {
    private static let secret = String(repeating: "s", count: 32)

    private static func read(_ yaml: String) throws -> GatewayConfiguration {
        try GatewayConfiguration(
            yaml: yaml,
            source: "typebar.yaml",
            environment: ["SECRET": secret, "SHORT": "topsecret"]
        )
    }

    @Test func `the sections are read whole`() throws {
        let configuration = try Self.read(
            """
            tls:
              certificates:
                - { certificate_file: a.pem, key_file: a.key }
                - { certificate_file: b.pem, key_file: b.key }
              oldest_version: "1.3"
              client: { ca_file: ca.pem, required: true, keys: { ops: admin } }
              tickets: { enabled: false, secret: "${SECRET}", rotation_seconds: 60 }
              handshake_ms: 250
              handshakes: 3
              redirect_port: 80
              redirect_to_port: 8443
              hsts_seconds: 300
            http2: { offered: false, prior_knowledge: true, streams: 7, resets: 8, control_frames: 9 }
            """
        )
        var tls = TLSSettings()
        tls.server.certificates = ["a", "b"].map { CertificateFiles(certificate: "\($0).pem", key: "\($0).key") }
        tls.server.oldestVersion = .v1_3
        tls.server.clients = ClientCertificates(authorities: "ca.pem", isRequired: true, keyNames: ["ops": "admin"])
        tls.server.tickets.isEnabled = false
        tls.server.tickets.secret = Array(Self.secret.utf8)
        tls.server.tickets.rotation = 60
        (tls.redirectPort, tls.redirectTarget, tls.strictTransportSeconds) = (80, 8443, 300)
        #expect(configuration.tls == tls)
        #expect(configuration.http.tls.handshakeTime == .milliseconds(250) && configuration.http.tls.handshakes == 3)
        let http2 = configuration.http.http2
        #expect(!http2.isOffered && http2.takesPriorKnowledge)
        #expect([http2.streams, http2.resets, http2.controlFrames] == [7, 8, 9])
    }

    @Test func `what is not said keeps its default`() throws {
        #expect(try Self.read("").tls == nil)
        var tls = TLSSettings()
        tls.isSelfSigned = true
        let configuration = try Self.read("tls: { self_signed: true }\nhttp2:")
        #expect(configuration.tls == tls && configuration.http == HTTPLimits())
    }

    @Test func `the defaults are the contract's`() {
        let (tls, handshake, http2) = (TLSServerSettings(), TLSLimits(), HTTP2Limits())
        #expect(tls.oldestVersion == .v1_2 && tls.clients == nil && tls.protocols == ["h2", "http/1.1"])
        #expect(tls.tickets.isEnabled && tls.tickets.secret == nil && tls.tickets.rotation == 43_200)
        #expect(handshake.handshakeTime == .seconds(10) && handshake.handshakes == 8)
        #expect(http2.isOffered && !http2.takesPriorKnowledge)
        #expect([http2.streams, http2.resets, http2.controlFrames] == [100, 200, 200])
    }

    @Test(
        arguments: [
            ("tls: {}", 1, "tls"), ("tls:\n  handshakes: 1", 2, "tls"), ("tls: { cert: a }", 1, "tls.cert"),
            ("tls: { certificates: a.pem }", 1, "tls.certificates"),
            ("tls: { certificates: [{ certificate_file: a.pem }] }", 1, "tls.certificates[0]"),
            (
                "tls: { certificates: [{ certificate_file: '', key_file: b }] }", 1,
                "tls.certificates[0].certificate_file"
            ),
            (
                "tls:\n  certificates: [{ certificate_file: a, key_file: b }]\n  self_signed: true", 3,
                "tls.self_signed"
            ),
            ("tls: { self_signed: yes }", 1, "tls.self_signed"),
            ("tls: { self_signed: true, oldest_version: '1.1' }", 1, "tls.oldest_version"),
            ("tls: { self_signed: true, client: { required: true } }", 1, "tls.client"),
            ("tls: { self_signed: true, client: { ca_file: a, keys: { b: '' } } }", 1, "tls.client.keys.b"),
            ("tls: { self_signed: true, tickets: { secret: '${SHORT}' } }", 1, "tls.tickets.secret"),
            ("tls: { self_signed: true, tickets: { secret: '${NONE}' } }", 1, "tls.tickets.secret"),
            ("tls: { self_signed: true, tickets: { rotation_seconds: 1 } }", 1, "tls.tickets.rotation_seconds"),
            ("tls: { self_signed: true, handshake_ms: 0 }", 1, "tls.handshake_ms"),
            ("tls: { self_signed: true, handshakes: 0 }", 1, "tls.handshakes"),
            ("tls: { self_signed: true, redirect_port: 65536 }", 1, "tls.redirect_port"),
            ("tls: { self_signed: true, redirect_to_port: 443 }", 1, "tls.redirect_to_port"),
            ("tls: { self_signed: true, redirect_port: 80, redirect_to_port: 0 }", 1, "tls.redirect_to_port"),
            ("tls: { self_signed: true, hsts_seconds: -1 }", 1, "tls.hsts_seconds"),
            ("http2:\n  offers: true", 2, "http2.offers"), ("http2: { streams: 0 }", 1, "http2.streams"),
            ("http2: { resets: 0 }", 1, "http2.resets"), ("http2: { control_frames: x }", 1, "http2.control_frames"),
        ] as [(String, Int, String)]
    )
    func `a problem names the file, the line and the key, and shows no secret`(yaml: String, line: Int, key: String) {
        let problem = #expect(throws: ConfigurationProblem.self) { try Self.read(yaml) }
        #expect(problem?.source == "typebar.yaml" && problem?.line == line && problem?.key == key)
        #expect(problem?.description.contains("\n") == false && problem?.description.contains("topsecret") == false)
    }

    @Test func `certificates that cannot be read are a problem of the file that names them`() throws {
        let yaml = "tls: { certificates: [{ certificate_file: /nowhere/a.pem, key_file: /nowhere/a.key }] }"
        let configuration = try Self.read(yaml)
        let problem = #expect(throws: ConfigurationProblem.self) {
            try configuration.checkCertificates(source: "typebar.yaml")
        }
        #expect(problem?.key == "tls" && problem?.description.contains("/nowhere/a.key") == true)
    }

    @Test func `a flag's certificate takes the place of all others`() throws {
        var configuration = try Self.read("tls: { self_signed: true, hsts_seconds: 5 }")
        configuration.showCertificate("a.pem", key: "a.key")
        #expect(configuration.tls?.server.certificates == [CertificateFiles(certificate: "a.pem", key: "a.key")])
        #expect(configuration.tls?.isSelfSigned == false && configuration.tls?.strictTransportSeconds == 5)
        configuration.signByItself()
        #expect(configuration.tls?.server.certificates.isEmpty == true && configuration.tls?.isSelfSigned == true)
    }
}

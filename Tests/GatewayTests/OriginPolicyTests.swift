// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import HTTPTypes
import Testing
import Upstream

@testable import Gateway

struct OriginPolicyTests {
    /// What a server is told, and who asks it.
    struct Case: Sendable, CustomTestStringConvertible {
        var origin: String?
        var host: String? = "localhost:8080"
        var origins: [String] = []
        var hosts: [String] = []
        var allowed: String?
        var refused = false
        var isSecure = false

        var testDescription: String {
            "\(origin ?? "-") at \(host ?? "-"), origins \(origins), hosts \(hosts)"
        }
    }

    private static let cases: [Case] = [
        Case(origin: nil),
        Case(origin: "http://localhost:3000", allowed: "http://localhost:3000"),
        Case(origin: "https://127.0.0.1", allowed: "https://127.0.0.1"),
        Case(origin: "http://[::1]:5173", allowed: "http://[::1]:5173"),
        Case(origin: "http://LOCALHOST", allowed: "http://LOCALHOST"),
        Case(origin: "https://evil.example", refused: true),
        Case(origin: "null", refused: true),
        Case(origin: "", refused: true),
        Case(origin: "http://localhost.evil.example", refused: true),
        Case(origin: "http://evil.example:80#localhost", refused: true),
        Case(origin: "https://a.example", origins: ["https://A.example"], allowed: "https://a.example"),
        Case(origin: "http://a.example", origins: ["https://a.example"], refused: true),
        Case(origin: "https://a.example:8443", origins: ["https://a.example"], refused: true),
        Case(origin: "https://sub.a.example", origins: ["https://a.example"], refused: true),
        Case(origin: "https://any.example", origins: ["*"], allowed: "*"),
        Case(origin: "null", origins: ["*"], allowed: "*"),
        Case(origin: nil, host: "evil.example", refused: true),
        Case(origin: nil, host: "127.0.0.1"),
        Case(origin: nil, host: "[::1]:8080"),
        Case(origin: nil, host: "LocalHost"),
        Case(origin: nil, host: "localhost.evil.example", refused: true),
        Case(origin: nil, host: "chat.example:8080", hosts: ["chat.example"]),
        Case(origin: nil, host: "chat.example:8080", hosts: ["chat.example:8080"]),
        Case(origin: nil, host: "chat.example:81", hosts: ["chat.example:8080"], refused: true),
        Case(
            origin: "http://chat.example",
            host: "chat.example",
            hosts: ["chat.example"],
            allowed: "http://chat.example"
        ),
        Case(
            origin: "https://chat.example:8443",
            host: "chat.example:8443",
            hosts: ["chat.example"],
            allowed: "https://chat.example:8443",
            isSecure: true
        ),
        // In front of a plain server, a proxy may speak TLS.
        Case(
            origin: "https://chat.example",
            host: "chat.example",
            hosts: ["chat.example"],
            allowed: "https://chat.example"
        ),
        // A page that came in plain may be anybody's.
        Case(
            origin: "http://chat.example",
            host: "chat.example",
            hosts: ["chat.example"],
            refused: true,
            isSecure: true
        ),
        Case(origin: "http://localhost:3000", allowed: "http://localhost:3000", isSecure: true),
        Case(origin: nil, host: nil),
    ]

    @Test(arguments: cases)
    func `where there is an upstream, strangers' pages and names are refused`(example: Case) {
        let policy = Self.policy(example, hasUpstream: true)
        #expect((policy.refusal(of: Self.request(example)) != nil) == example.refused)
    }

    @Test(arguments: cases)
    func `without one nobody is refused, and strangers cannot read`(example: Case) {
        let policy = Self.policy(example, hasUpstream: false)
        let request = Self.request(example)
        #expect(policy.refusal(of: request) == nil)
        #expect(policy.fields(for: request)[.vary] == "Origin")
        #expect(policy.fields(for: request)[.accessControlAllowOrigin] == example.allowed)
    }

    @Test
    func `every origin is never allowed together with credentials`() {
        let open = Case(origin: "https://any.example", origins: ["*"])
        #expect(
            Self.policy(open, hasUpstream: true).fields(for: Self.request(open))[
                .accessControlAllowCredentials
            ] == nil
        )
        let local = Case(origin: "http://localhost")
        let fields = Self.policy(local, hasUpstream: true).fields(for: Self.request(local))
        #expect(fields[.accessControlAllowCredentials] == "true")
    }

    @Test
    func `a preflight lists what the contract lists, for those who may`() {
        let local = Case(origin: "http://localhost")
        let fields = Self.policy(local, hasUpstream: false).preflightFields(for: Self.request(local))
        #expect(
            fields[.accessControlAllowHeaders]
                == "last-event-id, idempotency-key, content-type, authorization"
        )
        let stranger = Case(origin: "https://evil.example")
        let none = Self.policy(stranger, hasUpstream: false).preflightFields(
            for: Self.request(stranger)
        )
        #expect(none.allSatisfy { !$0.name.canonicalName.hasPrefix("access-control-allow") })
    }

    @Test(arguments: [
        ("*", true), ("http://a", true), ("https://a:1", true), ("https://[::1]:1", true), ("a", false),
        ("", false),
        ("https://", false), ("https://a/", false), ("https://a/b", false), ("ftp://a", false),
        ("null", false),
        ("https://a?b", false), ("https://a#b", false), ("https://a b", false), ("https://u@a", false),
    ])
    func `an origin is a scheme, a host and maybe a port`(text: String, isOrigin: Bool) {
        #expect(OriginPolicy.isOrigin(text) == isOrigin)
    }

    private static func policy(_ example: Case, hasUpstream: Bool) -> OriginPolicy {
        var configuration = GatewayConfiguration()
        configuration.corsOrigins = example.origins
        configuration.hosts = example.hosts
        if hasUpstream {
            configuration.upstreams = [UpstreamEndpoint(name: "m", url: "http://localhost")]
        }
        return OriginPolicy(configuration)
    }

    private static func request(_ example: Case) -> ServerRequest {
        var fields: HTTPFields = [:]
        if let origin = example.origin { fields[.origin] = origin }
        return ServerRequest(
            method: .get,
            target: "/chat/stream?prompt=p",
            fields: fields,
            host: example.host,
            isSecure: example.isSecure
        )
    }
}

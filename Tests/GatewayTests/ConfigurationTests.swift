// SPDX-License-Identifier: Apache-2.0

import Gateway
import HTTPServer
import NIOCore
import Testing
import Typewriter
import Upstream

struct ConfigurationTests {
    @Test(arguments: ["", "# nothing\n", "{}", "limits:\n", "hosts: []"])
    func `what a file does not name keeps its default`(yaml: String) throws {
        let configuration = try Self.read(yaml)
        #expect(configuration.host == "127.0.0.1")
        #expect(configuration.port == 8080)
        #expect(configuration.threads == nil)
        #expect(
            configuration.hosts.isEmpty && configuration.corsOrigins.isEmpty
                && configuration.upstreams.isEmpty
        )
        #expect(configuration.graceSeconds == 10 && configuration.unreadySeconds == 0)
        #expect(configuration.logLevel == "info")
        #expect(configuration.http == HTTPLimits())
        #expect(configuration.streams == StreamLimits())
    }

    @Test
    func `the defaults are the contract's`() {
        let (http, streams) = (HTTPLimits(), StreamLimits())
        #expect([http.target, http.head, http.body] == [16 << 10, 32 << 10, 4 << 20])
        #expect([http.headTime, http.bodyTime] == [.seconds(10), .seconds(30)])
        #expect(
            [streams.text, streams.totalText, streams.undelivered] == [8 << 20, 256 << 20, 64 << 10]
        )
        #expect(streams.upstreamEvent == 8 << 20)
        #expect(
            [streams.stall, streams.readerGrace, streams.retention] == [
                30_000_000_000, 30_000_000_000, 600_000_000_000,
            ]
        )
        #expect(streams.heartbeat == 15_000_000_000)
        let clocks = UpstreamEndpoint.Clocks()
        #expect(
            [clocks.connect, clocks.firstToken, clocks.idle, clocks.total] == [
                5_000, 120_000, 60_000, 600_000,
            ]
        )
    }

    @Test
    func `a whole file is read`() throws {
        let configuration = try Self.read(
            """
            host: 0.0.0.0
            port: 0
            threads: 3
            hosts: [chat.example.com]
            cors: {origins: ["https://a.example", "*"]}
            upstreams:
              - model: m
                url: https://api.example.com/v1
                key: ${KEY}
                timeouts: {connect_ms: 1, first_token_ms: 2, idle_ms: 3, total_ms: 4}
            cadences:
              table: {percentiles: {50: 10, 99.5: 40, 0: 0}}
              tape: {trace: [1, 2.5]}
            limits: {target_bytes: 64, head_seconds: 0.5, stall_seconds: 2}
            grace_seconds: 0.5
            unready_seconds: 2.5
            log_level: debug
            """
        )
        #expect(
            configuration.host == "0.0.0.0" && configuration.port == 0 && configuration.threads == 3
        )
        #expect(configuration.hosts == ["chat.example.com"])
        #expect(configuration.corsOrigins == ["https://a.example", "*"])
        var endpoint = UpstreamEndpoint(name: "m", url: "https://api.example.com/v1", key: "secret")
        var clocks = UpstreamEndpoint.Clocks()
        (clocks.connect, clocks.firstToken, clocks.idle, clocks.total) = (1, 2, 3, 4)
        endpoint.clocks = clocks
        #expect(configuration.upstreams == [endpoint])
        let table = Cadence.Shape.percentiles([
            .init(share: 0, milliseconds: 0), .init(share: 0.5, milliseconds: 10),
            .init(share: 0.995, milliseconds: 40),
        ])
        #expect(configuration.cadences == ["table": table, "tape": .trace([1, 2.5])])
        #expect(configuration.http.target == 64 && configuration.http.headTime == .milliseconds(500))
        #expect(configuration.streams.stall == 2_000_000_000)
        #expect(configuration.unreadySeconds == 2.5)
        #expect(configuration.graceSeconds == 0.5 && configuration.logLevel == "debug")
    }

    @Test(
        arguments: [
            ("host: a\nprot: 1", 2, "prot"), ("port: 65536", 1, "port"), ("port: abc", 1, "port"),
            ("port: -1", 1, "port"),
            ("threads: 0", 1, "threads"), ("hosts: a", 1, "hosts"),
            ("\n\nhosts:\n  - a\n  - [b]", 5, "hosts[1]"),
            ("cors: {origins: [\"a.example\"]}", 1, "cors.origins[0]"),
            ("cors:\n  origin: []", 2, "cors.origin"),
            ("cors: {origins: [\"https://\"]}", 1, "cors.origins[0]"),
            ("cors: {origins: [\"https://a/\"]}", 1, "cors.origins[0]"),
            ("upstreams:\n  - url: http://a", 2, "upstreams[0]"),
            ("upstreams:\n  - model: m", 2, "upstreams[0]"),
            ("upstreams: [{model: m, url: ftp://a}]", 1, "upstreams[0].url"),
            ("upstreams: [{model: m, url: 'http://'}]", 1, "upstreams[0].url"),
            ("upstreams: [{model: 'm?x', url: 'http://a'}]", 1, "upstreams[0].model"),
            ("upstreams: [{model: mock/a, url: 'http://a'}]", 1, "upstreams[0].model"),
            (
                "upstreams:\n- {model: m, url: 'http://a'}\n- {model: m, url: 'http://b'}", 3,
                "upstreams[1].model"
            ),
            ("upstreams: [{model: m, url: 'http://a', key: '${NONE}'}]", 1, "upstreams[0].key"),
            (
                "upstreams: [{model: m, url: 'http://a', timeouts: {idle_ms: 0}}]", 1,
                "upstreams[0].timeouts.idle_ms"
            ),
            ("cadences: {a: {}}", 1, "cadences.a"),
            ("cadences: {a: {trace: [0]}}", 1, "cadences.a.trace"),
            ("cadences: {a: {trace: [1, -1]}}", 1, "cadences.a.trace[1]"),
            ("cadences: {a: {percentiles: {50: 1}}}", 1, "cadences.a.percentiles"),
            ("cadences: {a: {percentiles: {0: 2, 50: 1}}}", 1, "cadences.a.percentiles"),
            ("cadences: {a: {percentiles: {0: 2, 101: 3}}}", 1, "cadences.a.percentiles.101"),
            ("cadences: {a: {trace: [1], percentiles: {0: 1, 1: 2}}}", 1, "cadences.a"),
            ("cadences:\n  constant: {trace: [1]}", 2, "cadences.constant"),
            ("limits:\n  body_bytes: 0", 2, "limits.body_bytes"),
            ("limits:\n  bodybytes: 1", 2, "limits.bodybytes"),
            ("limits: {head_seconds: nan}", 1, "limits.head_seconds"),
            ("grace_seconds: -1", 1, "grace_seconds"), ("unready_seconds: x", 1, "unready_seconds"),
            ("log_level: loud", 1, "log_level"), ("- a", 1, nil),
        ] as [(String, Int, String?)]
    )
    func `a problem names the file, the line and the key`(yaml: String, line: Int, key: String?) {
        let problem = #expect(throws: ConfigurationProblem.self) { try Self.read(yaml) }
        #expect(problem?.source == "typebar.yaml")
        #expect(problem?.line == line)
        #expect(problem?.key == key)
        #expect(problem?.description.contains("\n") == false)
    }

    @Test(arguments: [
        ("host: a\nport: 1\nhost: b", 3), ("host: 'a", 1), ("a: [1\nb: 2", 2), ("host: a\n\tport: 1", 2),
    ])
    func `what is not YAML is a problem of one line, with its place`(yaml: String, line: Int) {
        let problem = #expect(throws: ConfigurationProblem.self) { try Self.read(yaml) }
        #expect(problem?.line == line)
        #expect(problem?.description.contains("\n") == false)
    }

    @Test
    func `a problem never shows a secret`() {
        let yaml = "upstreams: [{model: m, url: '${KEY}'}]"
        let problem = #expect(throws: ConfigurationProblem.self) { try Self.read(yaml) }
        #expect(problem?.description.contains("secret") == false)
    }

    private static func read(_ yaml: String) throws -> GatewayConfiguration {
        try GatewayConfiguration(yaml: yaml, source: "typebar.yaml", environment: ["KEY": "secret"])
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Upstream
internal import Yams

/// Reads the section `upstreams` of a configuration file.
enum UpstreamReader {
    private static let keys = [
        "name", "model", "format", "url", "key", "headers", "timeouts", "connection", "concurrency", "breaker",
        "health",
    ]

    /// The upstreams, and a route for each that names its model.
    static func upstreams(
        _ node: ConfigurationNode
    ) throws(ConfigurationProblem) -> ([UpstreamEndpoint], [ModelRoute]) {
        var endpoints: [UpstreamEndpoint] = []
        var routes: [ModelRoute] = []
        for item in try node.items() {
            let members = try item.members(known: keys)
            guard let named = members["name"] ?? members["model"] else {
                throw item.problem("needs a \"name\" by which routes know it, or the \"model\" that it answers to")
            }
            let name = try named.text()
            guard !name.isEmpty else { throw named.problem("is empty") }
            guard !endpoints.contains(where: { $0.name == name }) else { throw named.problem("is given twice") }
            if let node = members["model"] {
                let model = try node.text()
                guard GatewayConfiguration.isModelName(model) else {
                    throw node.problem("may not be empty, contain ? or begin with mock/")
                }
                routes.append(ModelRoute(.exact(model), targets: [.init(.upstream(name))]))
            }
            endpoints.append(try endpoint(name, item, members))
        }
        return (endpoints, routes)
    }

    private static func endpoint(
        _ name: String,
        _ item: ConfigurationNode,
        _ members: [String: ConfigurationNode]
    ) throws(ConfigurationProblem) -> UpstreamEndpoint {
        guard let url = members["url"] else { throw item.problem("needs a \"url\"") }
        let address = try url.text()
        guard GatewayConfiguration.isURL(address) else { throw url.problem("has to begin with http:// or https://") }
        var endpoint = UpstreamEndpoint(name: name, url: address, key: try members["key"]?.text())
        if let node = members["format"] {
            endpoint.format = try node.choice(
                of: GatewayConfiguration.upstreamFormats.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            )
        }
        if let node = members["headers"] {
            for (name, value) in try node.namedMembers().sorted(by: { $0.key < $1.key }) {
                guard isFieldName(name) else { throw value.problem("is no name of a header") }
                let text = try value.text()
                guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                    throw value.problem("has a character that no header may have")
                }
                endpoint.fields.append(TransferRequest.Field(name: name, value: text))
            }
        }
        if let node = members["timeouts"] { try read(node, into: &endpoint.clocks) }
        if let node = members["connection"] { try read(node, into: &endpoint.connection) }
        if let node = members["concurrency"] { try read(node, into: &endpoint.concurrency) }
        if let node = members["breaker"] { endpoint.breaker = try breaker(node) }
        if let node = members["health"] { endpoint.health = try health(node) }
        return endpoint
    }

    /// RFC 9110, 5.1.
    private static func isFieldName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || Array("!#$%&'*+-.^_`|~".utf8).contains(byte)
            }
    }

    private static func read(
        _ node: ConfigurationNode,
        into clocks: inout UpstreamEndpoint.Clocks
    ) throws(ConfigurationProblem) {
        let range = 1...86_400_000
        let members = try node.members(known: ["connect_ms", "first_token_ms", "idle_ms", "total_ms"])
        if let node = members["connect_ms"] { clocks.connect = try node.integer(in: range) }
        if let node = members["first_token_ms"] { clocks.firstToken = try node.integer(in: range) }
        if let node = members["idle_ms"] { clocks.idle = try node.integer(in: range) }
        if let node = members["total_ms"] { clocks.total = try node.integer(in: range) }
    }

    private static func read(
        _ node: ConfigurationNode,
        into connection: inout ConnectionSettings
    ) throws(ConfigurationProblem) {
        let members = try node.members(
            known: ["ca_file", "certificate_file", "key_file", "proxy", "http", "reuse_seconds"]
        )
        connection.caFile = try members["ca_file"]?.text()
        connection.certificateFile = try members["certificate_file"]?.text()
        connection.keyFile = try members["key_file"]?.text()
        if let node = members["proxy"] {
            let proxy = try node.text()
            guard proxy.contains("://") else { throw node.problem("has to be a URL such as http://proxy:3128") }
            connection.proxy = proxy
        }
        if let node = members["http"] {
            connection.httpVersion = try node.choice(
                of: ConnectionSettings.HTTPVersion.allCases.map { ($0.rawValue, $0) }
            )
        }
        if let node = members["reuse_seconds"] { connection.reuseSeconds = try node.integer(in: 0...3600) }
    }

    private static func read(
        _ node: ConfigurationNode,
        into limits: inout ConcurrencyLimits
    ) throws(ConfigurationProblem) {
        let members = try node.members(known: ["at_once", "queue", "queue_ms"])
        if let node = members["at_once"] { limits.atOnce = try node.integer(in: 1...1_000_000) }
        if let node = members["queue"] { limits.queue = try node.integer(in: 0...1_000_000) }
        if let node = members["queue_ms"] { limits.queueMilliseconds = try node.integer(in: 1...86_400_000) }
    }

    private static func breaker(_ node: ConfigurationNode) throws(ConfigurationProblem) -> BreakerSettings? {
        if node.node.scalar?.string == "off" { return nil }
        var breaker = BreakerSettings()
        let members = try node.members(known: ["failures", "open_ms", "successes"])
        if let node = members["failures"] { breaker.failures = try node.integer(in: 1...1_000_000) }
        if let node = members["open_ms"] { breaker.openMilliseconds = try node.integer(in: 1...86_400_000) }
        if let node = members["successes"] { breaker.successes = try node.integer(in: 1...1000) }
        return breaker
    }

    private static func health(_ node: ConfigurationNode) throws(ConfigurationProblem) -> HealthCheckSettings {
        var health = HealthCheckSettings()
        let members = try node.members(known: ["path", "interval_ms", "timeout_ms", "failures", "successes"])
        if let node = members["path"] {
            health.path = try node.text()
            guard health.path.hasPrefix("/") else { throw node.problem("has to begin with /") }
        }
        if let node = members["interval_ms"] { health.intervalMilliseconds = try node.integer(in: 100...86_400_000) }
        if let node = members["timeout_ms"] { health.timeoutMilliseconds = try node.integer(in: 10...86_400_000) }
        if let node = members["failures"] { health.failures = try node.integer(in: 1...1000) }
        if let node = members["successes"] { health.successes = try node.integer(in: 1...1000) }
        return health
    }
}

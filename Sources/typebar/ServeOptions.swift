// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Gateway
internal import Upstream

/// The flags of `typebar serve` and `typebar record`, and how they join the environment and the file.
struct ServeOptions: ParsableArguments {
    private static let defaultKeyVariable = "TYPEBAR_UPSTREAM_KEY"

    @Option(help: "The address to listen on. Default: 127.0.0.1")
    var host: String?

    @Option(help: "The port to listen on; 0 lets the system choose. Default: 8080")
    var port: Int?

    @OptionGroup var tls: TLSOptions

    @Option(help: "A configuration file in YAML; config/typebar.yaml lists every key.")
    var config: String?

    @Option(help: "The base of an upstream's API, such as https://api.openai.com/v1")
    var upstream: String?

    @Option(help: "The upstream's model.")
    var model: String?

    @Option(help: "The environment variable that holds the upstream's key. Default: TYPEBAR_UPSTREAM_KEY")
    var upstreamKeyEnv: String?

    @Option(help: "openai_chat, openai_responses, anthropic_messages, gemini or ollama_chat. Default: openai_chat")
    var upstreamFormat: String?

    @Option(help: "An origin whose pages may read answers, or \"*\". May be repeated.")
    var corsOrigin: [String] = []

    @Option(help: "A host name by which clients may reach the server. May be repeated.")
    var allowHost: [String] = []

    @Option(help: "A folder of scenario files, which are read again when they change.")
    var scenarios: String?

    @Option(help: "The mock's seed: each request gets the same answer, ids and schedule. Default: a new one each time.")
    var seed: UInt64?

    @Option(help: "How many times as fast as asked all is typed; 0 waits for nothing. Default: 1")
    var speed: Double?

    @Option(help: "The environment variable that holds the key of /admin.")
    var adminKeyEnv: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical. Default: info")
    var logLevel: String?

    @Option(help: "Seconds that running streams get when the server is told to stop. Default: 10")
    var grace: Double?

    /// The configuration that the flags, the environment and the file make together.
    /// - Parameter isForAnyModel: An upstream for which no model is named answers to every name.
    func configuration(
        environment: [String: String],
        isForAnyModel: Bool = false
    ) throws(ConfigurationProblem) -> GatewayConfiguration {
        var configuration = GatewayConfiguration()
        if let file = config ?? environment["TYPEBAR_CONFIG"] {
            configuration = try ConfigurationSource.read(file: file)
        }
        if let host = host ?? environment["TYPEBAR_HOST"] { configuration.host = host }
        let portVariable = try number("TYPEBAR_PORT", environment) { Int($0) }
        if let port = port ?? portVariable {
            guard (0...65535).contains(port) else { throw problem("port", "has to be 0 to 65535, and is \(port)") }
            configuration.port = port
        }
        let graceVariable = try number("TYPEBAR_GRACE", environment) { Double($0) }
        if let grace = grace ?? graceVariable {
            guard (0...3600).contains(grace) else { throw problem("grace", "has to be 0 to 3600 seconds") }
            configuration.graceSeconds = grace
        }
        if let level = logLevel ?? environment["TYPEBAR_LOG_LEVEL"] {
            guard GatewayConfiguration.logLevels.contains(level) else {
                throw problem("log-level", "has to be one of \(GatewayConfiguration.logLevels.joined(separator: ", "))")
            }
            configuration.logLevel = level
        }
        for origin in corsOrigin {
            guard GatewayConfiguration.isOrigin(origin) else {
                throw problem("cors-origin", "has to be an origin such as https://chat.example.com, or \"*\"")
            }
        }
        configuration.corsOrigins += corsOrigin
        configuration.hosts += allowHost
        try tls.apply(to: &configuration, environment)
        try readMock(into: &configuration, environment)
        try addUpstream(to: &configuration, environment, isForAnyModel: isForAnyModel)
        return configuration
    }

    private func readMock(
        into configuration: inout GatewayConfiguration,
        _ environment: [String: String]
    ) throws(ConfigurationProblem) {
        if let folder = scenarios ?? environment["TYPEBAR_SCENARIOS"] { configuration.mock.scenarios = folder }
        if let seed { configuration.mock.seed = seed }
        let speedVariable = try number("TYPEBAR_SPEED", environment) { Double($0) }
        if let speed = speed ?? speedVariable {
            guard MockSettings.isSpeed(speed) else { throw problem("speed", "has to be 0, or 0.01 to 1000") }
            configuration.mock.speed = speed
        }
        if let adminKeyEnv {
            guard let key = environment[adminKeyEnv], !key.isEmpty else {
                throw problem("admin-key-env", "the environment variable \(adminKeyEnv) is not set")
            }
            configuration.admin.key = key
        }
    }

    private func addUpstream(
        to configuration: inout GatewayConfiguration,
        _ environment: [String: String],
        isForAnyModel: Bool
    ) throws(ConfigurationProblem) {
        let url = upstream ?? environment["TYPEBAR_UPSTREAM"]
        let model = model ?? environment["TYPEBAR_MODEL"]
        guard let url else {
            guard self.model == nil else { throw problem("model", "names an upstream's model, so it needs --upstream") }
            return
        }
        guard GatewayConfiguration.isURL(url) else {
            throw problem("upstream", "has to begin with http:// or https://")
        }
        guard model != nil || isForAnyModel else {
            throw problem("upstream", "needs the name of a model, with --model")
        }
        guard model.map(GatewayConfiguration.isModelName) ?? true else {
            throw problem("model", "may not be empty, contain ? or begin with mock/")
        }
        let variable = upstreamKeyEnv ?? Self.defaultKeyVariable
        if upstreamKeyEnv != nil, environment[variable] == nil {
            throw problem("upstream-key-env", "the environment variable \(variable) is not set")
        }
        let name =
            model ?? String(url.split(separator: "/").dropFirst().first?.split(separator: "@").last ?? "upstream")
        var endpoint = UpstreamEndpoint(name: name, url: url, key: environment[variable])
        if let name = upstreamFormat ?? environment["TYPEBAR_UPSTREAM_FORMAT"] {
            guard let format = GatewayConfiguration.upstreamFormats[name] else {
                let known = GatewayConfiguration.upstreamFormats.keys.sorted().joined(separator: ", ")
                throw problem("upstream-format", "has to be one of \(known)")
            }
            endpoint.format = format
        }
        configuration.addFirst(endpoint, answeringTo: model.map { .exact($0) } ?? .prefix(""))
    }

    private func number<Value>(
        _ variable: String,
        _ environment: [String: String],
        _ parse: (String) -> Value?
    ) throws(ConfigurationProblem) -> Value? {
        guard let text = environment[variable] else { return nil }
        guard let value = parse(text) else {
            throw ConfigurationProblem(source: "environment", key: variable, message: "has to be a number")
        }
        return value
    }

    private func problem(_ flag: String, _ message: String) -> ConfigurationProblem {
        ConfigurationProblem(source: "--\(flag)", message: message)
    }
}

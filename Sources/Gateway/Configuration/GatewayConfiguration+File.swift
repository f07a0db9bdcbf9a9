// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import HTTPServer
internal import NIOCore
internal import Typewriter
internal import Upstream
internal import Yams

extension GatewayConfiguration {
    private static let keys = [
        "host", "port", "tls", "http2", "threads", "reactors", "hosts", "cors", "upstreams", "routes", "recording",
        "cadences", "mock", "admin", "limits", "grace_seconds", "unready_seconds", "log_level",
    ]

    /// The levels of the log, the most talkative first.
    public static let logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

    /// Reads a configuration file; what it does not name keeps its default.
    ///
    /// - Parameters:
    ///   - yaml: The text of the file.
    ///   - source: Its path, for problems.
    ///   - environment: Where `${NAME}` is looked up.
    public init(yaml: String, source: String, environment: [String: String]) throws(ConfigurationProblem) {
        self.init()
        let root: Node?
        do {
            root = try compose(yaml: yaml)
        } catch let error as YamlError {
            throw Self.syntaxProblem(error, yaml: yaml, source: source)
        } catch {
            throw ConfigurationProblem(source: source, message: "\(error)")
        }
        guard let root else { return }
        let node = ConfigurationNode(node: root, source: source, path: "", environment: environment)
        try read(node.members(known: Self.keys))
    }

    private static func syntaxProblem(
        _ error: YamlError,
        yaml: String,
        source: String
    ) -> ConfigurationProblem {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ConfigurationProblem(source: source, line: mark.line, message: "is not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            ConfigurationProblem(
                source: source,
                line: secondLine(of: duplicates.first ?? "", after: context.mark.line, in: yaml),
                key: duplicates.first,
                message: "is given twice"
            )
        default:
            ConfigurationProblem(source: source, message: "is not valid YAML: \(error)")
        }
    }

    /// The parser tells where a repeated key stands first; the one to take out is the second.
    private static func secondLine(of key: String, after first: Int, in yaml: String) -> Int {
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(first)
        return lines.firstIndex { $0.drop(while: \.isWhitespace).hasPrefix("\(key):") }.map { $0 + 1 } ?? first
    }

    private mutating func read(_ members: [String: ConfigurationNode]) throws(ConfigurationProblem) {
        if let node = members["host"] { host = try node.text() }
        if let node = members["port"] { port = try node.integer(in: 0...65535) }
        if let node = members["tls"] { tls = try TLSSettings(node, limits: &http.tls) }
        if let node = members["http2"] { try http.http2.read(node) }
        if let node = members["threads"] { threads = try node.integer(in: 1...1024) }
        if let node = members["hosts"] { hosts = try Self.texts(node) }
        if let node = members["cors"] {
            let cors = try node.members(known: ["origins"])
            if let node = cors["origins"] { corsOrigins = try Self.origins(node) }
        }
        if let node = members["reactors"] { reactors = try node.integer(in: 1...64) }
        if let node = members["upstreams"] { (upstreams, routes) = try UpstreamReader.upstreams(node) }
        if let node = members["routes"] { try readRoutes(node) }
        if let node = members["recording"] { recording = try RecordingSettings(node) }
        if let node = members["routes"], recording == nil, routes.contains(where: \.isRecorded) {
            throw node.problem("one has \"record: true\", which needs a folder: recording: { folder: recordings }")
        }
        if let node = members["cadences"] { cadences = try Self.cadences(node) }
        if let node = members["mock"] {
            try mock.read(node)
            do throws(ConfigurationProblem) {
                try mock.check(cadences: PaceDecoder(cadences: cadences))
            } catch {
                throw node.problem("defaults.\(error.key ?? ""): \(error.message)")
            }
        }
        if let node = members["admin"] { try admin.read(node) }
        if let node = members["limits"] { try readLimits(node) }
        if let node = members["grace_seconds"] { graceSeconds = try node.decimal(in: 0...3600) }
        if let node = members["unready_seconds"] { unreadySeconds = try node.decimal(in: 0...3600) }
        if let node = members["log_level"] {
            logLevel = try node.text()
            guard Self.logLevels.contains(logLevel) else {
                throw node.problem("has to be one of \(Self.logLevels.joined(separator: ", "))")
            }
        }
    }

    private static func texts(_ node: ConfigurationNode) throws(ConfigurationProblem) -> [String] {
        var texts: [String] = []
        for item in try node.items() { texts.append(try item.text()) }
        return texts
    }

    private static func origins(_ node: ConfigurationNode) throws(ConfigurationProblem) -> [String] {
        for item in try node.items() where !OriginPolicy.isOrigin(try item.text()) {
            throw item.problem("has to be an origin such as https://chat.example.com, or \"*\"")
        }
        return try texts(node)
    }

    /// Routes of the file beat those that an upstream's own `model` stands for.
    private mutating func readRoutes(_ node: ConfigurationNode) throws(ConfigurationProblem) {
        let own = try RouteReader(upstreams: Set(upstreams.map(\.name))).routes(node)
        routes = own + routes
    }

    /// What an upstream may speak, by name.
    public static var upstreamFormats: [String: WireFormat] {
        let formats: [WireFormat] = [.openAIChat, .openAIResponses, .anthropicMessages, .gemini, .ollamaChat]
        return Dictionary(uniqueKeysWithValues: formats.map { ($0.rawValue, $0) })
    }

    /// Whether `name` can be asked for: `?` begins parameters, and `mock/` the mock.
    public static func isModelName(_ name: String) -> Bool {
        !name.isEmpty && !name.contains("?") && !name.hasPrefix("mock/")
    }

    /// Whether `text` is an origin, or `*` for every one.
    public static func isOrigin(_ text: String) -> Bool {
        OriginPolicy.isOrigin(text)
    }

    /// Whether `text` is an address that an upstream can have.
    public static func isURL(_ text: String) -> Bool {
        ["http://", "https://"].contains { text.hasPrefix($0) && text.count > $0.count }
    }

    private static func cadences(_ node: ConfigurationNode) throws(ConfigurationProblem) -> [String: Cadence.Shape] {
        var shapes: [String: Cadence.Shape] = [:]
        for (name, item) in try node.namedMembers() {
            guard CadenceName(rawValue: name) == nil else { throw item.problem("is the name of a built-in cadence") }
            let members = try item.members(known: ["percentiles", "trace"])
            switch (members["percentiles"], members["trace"]) {
            case (let table?, nil): shapes[name] = .percentiles(try percentiles(table))
            case (nil, let trace?): shapes[name] = .trace(try self.trace(trace))
            default: throw item.problem("needs either \"percentiles\" or \"trace\"")
            }
        }
        return shapes
    }

    private static func percentiles(
        _ node: ConfigurationNode
    ) throws(ConfigurationProblem) -> [Cadence.Quantile] {
        var table: [Cadence.Quantile] = []
        for (name, item) in try node.namedMembers() {
            guard let percent = Double(name), (0...100).contains(percent) else {
                throw item.problem("the key has to be a percentile, 0 to 100")
            }
            let milliseconds = try item.decimal(in: 0...60_000)
            table.append(Cadence.Quantile(share: percent / 100, milliseconds: milliseconds))
        }
        table.sort { $0.share < $1.share }
        guard table.count >= 2, let last = table.last, last.milliseconds > 0,
            zip(table, table.dropFirst()).allSatisfy({ $0.milliseconds <= $1.milliseconds && $0.share < $1.share })
        else { throw node.problem("needs two percentiles or more, with gaps that do not fall") }
        return table
    }

    private static func trace(_ node: ConfigurationNode) throws(ConfigurationProblem) -> [Double] {
        var gaps: [Double] = []
        for item in try node.items() { gaps.append(try item.decimal(in: 0...60_000)) }
        guard gaps.contains(where: { $0 > 0 }) else { throw node.problem("needs a gap above 0") }
        return gaps
    }

    private mutating func readLimits(_ node: ConfigurationNode) throws(ConfigurationProblem) {
        let bytes = 1...(1 << 40)
        let seconds = 0.05...86_400.0
        var reader = try LimitReader(node)
        try reader.integer("target_bytes", in: 64...(1 << 20)) { http.target = $0 }
        try reader.integer("head_bytes", in: 256...(1 << 20)) { http.head = $0 }
        try reader.integer("body_bytes", in: bytes) { http.body = $0 }
        try reader.decimal("head_seconds", in: seconds) { http.headTime = .nanoseconds(Int64($0 * 1e9)) }
        try reader.decimal("body_seconds", in: seconds) { http.bodyTime = .nanoseconds(Int64($0 * 1e9)) }
        try reader.decimal("idle_seconds", in: seconds) { http.idleTime = .nanoseconds(Int64($0 * 1e9)) }
        try reader.integer("connections", in: 1...(1 << 20)) { http.connections = $0 }
        try reader.integer("connections_per_client", in: 0...(1 << 20)) { http.connectionsPerClient = $0 }
        try reader.integer("stream_text_bytes", in: bytes) { streams.text = $0 }
        try reader.integer("total_text_bytes", in: bytes) { streams.totalText = $0 }
        try reader.integer("backlog_bytes", in: bytes) { streams.backlog = $0 }
        try reader.integer("upstream_event_bytes", in: bytes) { streams.upstreamEvent = $0 }
        try reader.integer("undelivered_bytes", in: bytes) { streams.undelivered = $0 }
        try reader.decimal("stall_seconds", in: seconds) { streams.stall = Nanoseconds($0 * 1e9) }
        try reader.decimal("reader_grace_seconds", in: seconds) { streams.readerGrace = Nanoseconds($0 * 1e9) }
        try reader.decimal("retention_seconds", in: seconds) { streams.retention = Nanoseconds($0 * 1e9) }
        try reader.decimal("heartbeat_seconds", in: seconds) { streams.heartbeat = Nanoseconds($0 * 1e9) }
        try reader.finish()
    }
}

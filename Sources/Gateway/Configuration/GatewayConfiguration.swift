// SPDX-License-Identifier: Apache-2.0

public import HTTPServer
public import Typewriter
public import Upstream

/// How the gateway runs. The defaults are those of a developer's own machine.
public struct GatewayConfiguration: Sendable {
    public var host = "127.0.0.1"
    /// 0 lets the system choose.
    public var port = 8080
    /// Nil: the port speaks plainly.
    public var tls: TLSSettings?
    /// Event loops; nil is one for each core.
    public var threads: Int?
    /// Names by which clients may reach the server, beside the loopback ones.
    public var hosts: [String] = []
    /// Origins whose pages may read answers, beside the loopback ones; `*` is every page.
    public var corsOrigins: [String] = []
    public var upstreams: [UpstreamEndpoint] = []
    /// Who answers to which model; the first exact one's is the default model.
    public var routes: [ModelRoute] = []
    /// Threads that carry the transfers of upstreams; nil is one for each two event loops.
    public var reactors: Int?
    /// Cadences from recordings, by name.
    public var cadences: [String: Cadence.Shape] = [:]
    public var mock = MockSettings()
    /// Where routes are recorded that are to be; nil where none is.
    public var recording: RecordingSettings?
    public var admin = AdminSettings()
    /// What running streams get when the server is told to stop.
    public var graceSeconds = 10.0
    /// How long the server says that it is not ready before it takes no new connection.
    public var unreadySeconds = 0.0
    public var logLevel = "info"
    public var http = HTTPLimits()
    public var streams = StreamLimits()

    public init() {}

    /// Adds an upstream that answers to some models' names, before all others.
    public mutating func addFirst(_ endpoint: UpstreamEndpoint, answeringTo pattern: ModelRoute.Pattern) {
        upstreams.removeAll { $0.name == endpoint.name }
        routes.removeAll { $0.pattern == pattern }
        upstreams.insert(endpoint, at: 0)
        routes.insert(ModelRoute(pattern, targets: [.init(.upstream(endpoint.name))]), at: 0)
    }

    /// Asks each upstream once for each request, whatever came of the ones before.
    public mutating func passOnFailures() {
        for index in routes.indices { routes[index].policy.retries.attempts = 1 }
        for index in upstreams.indices { upstreams[index].breaker = nil }
    }

    /// Records what upstreams send in answer to any request.
    public mutating func recordAll(to folder: String) {
        recording = recording ?? RecordingSettings(folder: folder)
        recording?.folder = folder
        for index in routes.indices { routes[index].isRecorded = true }
    }
}

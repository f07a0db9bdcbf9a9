// SPDX-License-Identifier: Apache-2.0

public import HTTPServer
public import Typewriter
public import Upstream

/// How the gateway runs. The defaults are those of a developer's own machine.
public struct GatewayConfiguration: Sendable {
    public var host = "127.0.0.1"
    /// 0 lets the system choose.
    public var port = 8080
    /// Event loops; nil is one for each core.
    public var threads: Int?
    /// Names by which clients may reach the server, beside the loopback ones.
    public var hosts: [String] = []
    /// Origins whose pages may read answers, beside the loopback ones; `*` is every page.
    public var corsOrigins: [String] = []
    /// The first one's model is the default model.
    public var upstreams: [UpstreamEndpoint] = []
    /// Cadences from recordings, by name.
    public var cadences: [String: Cadence.Shape] = [:]
    public var mock = MockSettings()
    public var admin = AdminSettings()
    /// What running streams get when the server is told to stop.
    public var graceSeconds = 10.0
    public var logLevel = "notice"
    public var http = HTTPLimits()
    public var streams = StreamLimits()

    public init() {}
}

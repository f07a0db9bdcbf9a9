// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import HTTPServer
public import Logging
internal import MockModel
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import TLS
internal import Upstream

/// The server: listens, answers, and goes down in order.
public final class Gateway: Sendable {
    /// Why the gateway does not start.
    public enum StartFailure: Error, CustomStringConvertible {
        /// The address cannot be listened on.
        case bind(host: String, port: Int, reason: String)
        /// A part of the process cannot be had.
        case process(String)
        /// A scenario file is broken: file, line and what would be right.
        case scenarios(String)
        /// A certificate cannot be used: which, why, and what would be right.
        case certificates(String)

        public var description: String {
            switch self {
            case .bind(let host, let port, let reason):
                "cannot listen on \(host) port \(port): \(reason). Choose another with --host or --port."
            case .process(let reason), .scenarios(let reason), .certificates(let reason): reason
            }
        }
    }

    private let group: MultiThreadedEventLoopGroup
    private let server: HTTPServer
    private let services: GatewayServices
    private let watch: ScenarioWatch?
    private let certificates: CertificateWatch?
    /// SHA-256 of a certificate of the gateway's own making, by which a browser's warning can be checked; else nil.
    public let selfSignedFingerprint: String?

    private init(
        group: MultiThreadedEventLoopGroup,
        server: HTTPServer,
        services: GatewayServices,
        watch: ScenarioWatch?,
        certificates: CertificateStore?
    ) {
        self.group = group
        self.server = server
        self.services = services
        self.watch = watch
        self.certificates = certificates.map { CertificateWatch($0, logger: services.logger) }
        let isSelfSigned = services.configuration.tls?.isSelfSigned ?? false
        selfSignedFingerprint = isSelfSigned ? certificates?.fingerprint : nil
    }

    /// Where the server listens, such as `http://127.0.0.1:8080`.
    public var address: String {
        guard let address = server.addresses.first, let port = address.port else { return "" }
        let host = address.ipAddress ?? services.configuration.host
        let scheme = services.configuration.tls == nil ? "http" : "https"
        return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// Reads the certificates again, for connections from now on; the log tells what came of it.
    public func reloadCertificates() { certificates?.reload() }

    /// Starts to serve.
    public static func start(
        _ configuration: GatewayConfiguration,
        logger: Logger
    ) async throws(StartFailure) -> Gateway {
        Descriptors.raiseLimit()
        let threads = configuration.threads ?? Int(clinux_available_processors())
        let reactors = try reactors(of: configuration, threads: threads)
        let routes = try routes(of: configuration)
        let (scenarios, loader) = try scenarios(of: configuration)
        let certificates = try certificates(of: configuration)
        let recorder = try recorder(of: configuration, logger)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let services = GatewayServices(
            configuration: configuration,
            routes: routes,
            reactors: reactors,
            scenarios: scenarios,
            recorder: recorder,
            logger: logger,
            eventLoops: Array(group.makeIterator())
        )
        do {
            let server = try await HTTPServer.start(
                on: group,
                listeners: listeners(of: configuration, certificates),
                limits: configuration.http,
                makeResponder: { services.makeLoop(on: $0, writtenBytes: $1) }
            )
            services.count { server.openConnections }
            if let port = server.addresses.first?.port { services.listens(on: port) }
            let watch = loader.map { ScenarioWatch($0, services: services) }
            let gateway = Gateway(
                group: group,
                server: server,
                services: services,
                watch: watch,
                certificates: certificates
            )
            watch?.start()
            gateway.certificates?.start()
            warnOfStrangers(configuration, logger)
            return gateway
        } catch {
            for reactor in reactors { reactor.shutDown() }
            await recorder?.shutDown()
            try? await group.shutdownGracefully()
            // Which of the two ports it was, the error does not say.
            let other = configuration.tls?.redirectPort.map { " (or this is said of redirect_port \($0))" } ?? ""
            throw .bind(host: configuration.host, port: configuration.port, reason: Self.reason(of: error) + other)
        }
    }

    /// A thread for each two loops carries their transfers.
    private static func reactors(
        of configuration: GatewayConfiguration,
        threads: Int
    ) throws(StartFailure) -> [CurlReactor] {
        guard !configuration.upstreams.isEmpty else { return [] }
        do throws(CurlReactor.StartFailure) {
            try CurlReactor.prepareProcess()
            var reactors: [CurlReactor] = []
            for _ in 0..<(configuration.reactors ?? (threads + 1) / 2) { reactors.append(try CurlReactor()) }
            return reactors
        } catch {
            throw .process(error.description)
        }
    }

    private static func routes(of configuration: GatewayConfiguration) throws(StartFailure) -> RouteTable {
        do throws(NamePattern.Malformed) {
            return try RouteTable(routes: configuration.routes, endpoints: configuration.upstreams)
        } catch {
            throw .process("A route's expression \(error.message).")
        }
    }

    private static func certificates(
        of configuration: GatewayConfiguration
    ) throws(StartFailure) -> CertificateStore? {
        do throws(TLSProblem) {
            return try configuration.makeCertificates()
        } catch {
            throw .certificates("TLS: \(error)")
        }
    }

    private static func listeners(
        of configuration: GatewayConfiguration,
        _ certificates: CertificateStore?
    ) -> [HTTPListener] {
        let host = configuration.host
        let main = HTTPListener(host: host, port: configuration.port, certificates: certificates)
        guard let port = configuration.tls?.redirectPort else { return [main] }
        return [main, HTTPListener(host: host, port: port)]
    }

    private static func warnOfStrangers(_ configuration: GatewayConfiguration, _ logger: Logger) {
        guard !configuration.isLocal, configuration.tls == nil, configuration.admin.key == nil else { return }
        logger.warning(
            "Anybody who reaches this port may use it and read along: there is neither TLS nor a key",
            metadata: ["host": "\(configuration.host)", "advice": "--tls-certificate, or --host 127.0.0.1"]
        )
    }

    private static func recorder(
        of configuration: GatewayConfiguration,
        _ logger: Logger
    ) throws(StartFailure) -> Recorder? {
        guard let settings = configuration.recording else { return nil }
        do throws(RecordingProblem) {
            return try Recorder(settings, logger: logger)
        } catch {
            throw .process(error.description)
        }
    }

    private static func scenarios(
        of configuration: GatewayConfiguration
    ) throws(StartFailure) -> (ScenarioBook, ScenarioLoader?) {
        guard let path = configuration.mock.scenarios else { return (ScenarioBook(), nil) }
        var loader = ScenarioLoader(path: path, paces: PaceDecoder(cadences: configuration.cadences))
        do throws(ScenarioProblem) {
            return (ScenarioBook(try loader.load()), loader)
        } catch {
            throw .scenarios(error.description)
        }
    }

    /// Says that it is not ready, for as long as is configured; then takes no new connection, gives running streams
    /// `graceSeconds`, and sends their readers away after that.
    public func shutDown() async {
        watch?.stop()
        certificates?.stop()
        services.isDraining.store(true, ordering: .relaxed)
        services.logger.info("Going down", metadata: ["connections": "\(server.openConnections)"])
        if services.configuration.unreadySeconds > 0 {
            try? await Task.sleep(for: .seconds(services.configuration.unreadySeconds))
        }
        await server.drain()
        let grace = Duration.seconds(services.configuration.graceSeconds)
        if await !connectionsEnd(within: grace) {
            services.executeOnAll { $0.dismissReaders() }
            _ = await connectionsEnd(within: .seconds(1))
        }
        await server.shutDown()
        await services.shutDownLoops()
        for reactor in services.reactors { reactor.shutDown() }
        do {
            try await group.shutdownGracefully()
        } catch {
            services.logger.error("Event loops did not stop", metadata: ["error": "\(error)"])
        }
        await services.recorder?.shutDown()
    }

    private func connectionsEnd(within time: Duration) async -> Bool {
        let deadline = ContinuousClock.now + time
        while server.openConnections > 0 {
            guard ContinuousClock.now < deadline else { return false }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return true
    }

    private static func reason(of error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return String(cString: strerror(error.errnoCode))
    }
}

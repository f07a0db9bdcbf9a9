// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Gateway
internal import Glibc
internal import Logging
internal import UnixSignals

/// A server in the foreground, until a signal ends it.
enum Serving {
    /// - Parameter notes: Lines that are told when it serves, after its address.
    static func run(_ configuration: GatewayConfiguration, notes: [String] = []) async throws {
        // Who reads the log may go before the server does.
        signal(SIGPIPE, SIG_IGN)
        let log = LineWriter(descriptor: STDERR_FILENO)
        let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
        let logger = Logger(label: "typebar") { _ in LogfmtHandler(log, level: level) }
        // Whoever finds that it serves may send a signal at once.
        let signals = await signals(for: configuration)
        let gateway: Gateway
        do {
            gateway = try await Gateway.start(configuration, logger: logger)
        } catch {
            Output.error(error.description)
            throw ExitStatus.unavailable
        }
        Output.line("typebar serves \(gateway.address)/")
        if let fingerprint = gateway.selfSignedFingerprint {
            Output.line("typebar's certificate is its own; its SHA-256 fingerprint is \(fingerprint)")
        }
        for note in notes { Output.line(note) }
        await serve(gateway, signals, log)
    }

    /// A hang-up has the certificates read again, where there are any, and else ends the process as it always does.
    private static func signals(for configuration: GatewayConfiguration) async -> UnixSignalsSequence {
        guard configuration.tls?.hasFiles == true else { return await UnixSignalsSequence(trapping: .sigterm, .sigint) }
        return await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
    }

    /// Serves until a signal; a second one ends the process at once.
    private static func serve(_ gateway: Gateway, _ signals: UnixSignalsSequence, _ log: LineWriter) async {
        await withTaskGroup(of: Void.self) { group in
            var isGoingDown = false
            for await signal in signals {
                guard signal != .sighup else {
                    gateway.reloadCertificates()
                    continue
                }
                if isGoingDown { Glibc.exit(1) }
                isGoingDown = true
                group.addTask {
                    await gateway.shutDown()
                    log.flush(within: 1000)
                    Glibc.exit(0)
                }
            }
        }
    }
}

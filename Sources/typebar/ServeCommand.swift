// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Gateway
internal import Glibc
internal import Logging
internal import UnixSignals

/// `typebar serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves /chat/stream, the APIs that it mocks, and the chat page.",
        discussion: """
            A flag beats an environment variable (TYPEBAR_HOST, TYPEBAR_PORT, TYPEBAR_CONFIG, TYPEBAR_UPSTREAM, \
            TYPEBAR_MODEL, TYPEBAR_SCENARIOS, TYPEBAR_SPEED, TYPEBAR_LOG_LEVEL, TYPEBAR_GRACE), which beats the configuration file, which beats the \
            default.
            """
    )

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let configuration: GatewayConfiguration
        do {
            configuration = try options.configuration(environment: ConfigurationSource.environment)
        } catch {
            Output.error(error.description)
            throw ExitStatus.configuration
        }
        // Who reads the log may go before the server does.
        signal(SIGPIPE, SIG_IGN)
        let log = LineWriter(descriptor: STDERR_FILENO)
        let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
        let logger = Logger(label: "typebar") { _ in LogfmtHandler(log, level: level) }
        let gateway: Gateway
        do {
            gateway = try await Gateway.start(configuration, logger: logger)
        } catch {
            Output.error(error.description)
            throw ExitStatus.unavailable
        }
        Output.line("typebar serves \(gateway.address)/")
        await serve(gateway, log)
    }

    /// Serves until a signal; a second one ends the process at once.
    private func serve(_ gateway: Gateway, _ log: LineWriter) async {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        await withTaskGroup(of: Void.self) { group in
            var isGoingDown = false
            for await _ in signals {
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

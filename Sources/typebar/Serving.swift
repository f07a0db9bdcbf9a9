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
        var logger = Logger(label: "typebar", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = Logger.Level(rawValue: configuration.logLevel) ?? .notice
        let gateway: Gateway
        do {
            gateway = try await Gateway.start(configuration, logger: logger)
        } catch {
            Output.error(error.description)
            throw ExitStatus.unavailable
        }
        Output.line("typebar serves \(gateway.address)/")
        for note in notes { Output.line(note) }
        await serve(gateway)
    }

    /// Serves until a signal; a second one ends the process at once.
    private static func serve(_ gateway: Gateway) async {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        await withTaskGroup(of: Void.self) { group in
            var isGoingDown = false
            for await _ in signals {
                if isGoingDown { Glibc.exit(1) }
                isGoingDown = true
                group.addTask {
                    await gateway.shutDown()
                    Glibc.exit(0)
                }
            }
        }
    }
}

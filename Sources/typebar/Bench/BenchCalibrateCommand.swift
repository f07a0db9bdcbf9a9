// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LoadTest

/// `typebar bench calibrate`.
struct BenchCalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Says how many streams this client can measure on this machine, and how exactly.",
        discussion: """
            A server with a known schedule runs in a process of its own, on the same machine. Loads rise until the figures \
            are off by more than 2 ms (mean time to first token) or 0.2 ms (median gap), or are no longer to be trusted. \
            Once for each engine: epoll over plain HTTP/1.1, and nio, which plays TLS and HTTP/2, over TLS.
            """
    )

    @Option(help: "Streams at once, at the most.")
    var streams = 5000

    @Option(help: "Events a second of each stream.")
    var rate = 20.0

    @Flag(name: [.long, .customShort("q")], help: "Only the last lines, which sum it up: one for each engine.")
    var quiet = false

    func validate() throws {
        guard streams > 0, rate >= 0.1, rate <= 10_000 else {
            throw ValidationError("--streams is at least 1, and --rate from 0.1 to 10000")
        }
    }

    func run() async throws {
        let interrupt = await BenchInterrupt.watch()
        do throws(LoadFailure) {
            var summaries: [String] = []
            for engine in [LoadPlan.Engine.epoll, .nio] where !interrupt.isSet {
                let result = try await BenchCalibration.measure(engine, most: streams, rate: rate, interrupt) { line in
                    if !quiet { Output.line(line) }
                }
                summaries.append(result.summary)
            }
            for summary in summaries { Output.line(summary) }
        } catch {
            Output.error(error.description)
            throw ExitCode.failure
        }
        if interrupt.isSet { throw ExitCode(130) }
    }
}

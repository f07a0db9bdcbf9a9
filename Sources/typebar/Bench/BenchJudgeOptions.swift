// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// What is measured besides, and what is demanded.
struct BenchJudgeOptions: ParsableArguments {
    @Option(help: "The server's own schedule, to measure lateness by: ttft=100ms,gap=20ms. A typebar tells its own.")
    var cadence: String?

    @Option(help: "Events a second of the reader whose waiting is measured.")
    var readerRate = 20.0

    @Option(help: "A gap longer than this is a stall.")
    var stall = "300ms"

    @Option(
        parsing: .upToNextOption,
        help: "What a stream has to keep, in ms, to count as good: ttft:200,gap:50,max_gap:500,e2e:3000."
    )
    var goodput: [String] = []

    @Option(
        name: .customLong("assert"),
        help: "What has to hold, or the exit code is 99: 'ttft.p99<300ms', 'errors<1%'. May be repeated."
    )
    var assertions: [String] = []

    @Option(help: "The part of streams that may fail; above, the exit code is 1.")
    var maxErrorRate = "1%"

    @Flag(help: "A client that measured itself is no reason for exit code 3.")
    var allowClientBound = false

    @Flag(help: "First find out what this client is good for on this machine, and put it into the report.")
    var calibrate = false
}

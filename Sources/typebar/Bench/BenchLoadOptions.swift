// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// How a server is loaded.
struct BenchLoadOptions: ParsableArguments {
    @Option(name: [.long, .customShort("c")], help: "Streams at once: users who ask again when answered. Default: 10.")
    var concurrency: Int?

    @Option(
        name: [.customLong("request-rate"), .customLong("rate")],
        help: "Requests a second, at planned times, whatever the server does; inf: all at once."
    )
    var requestRate: String?

    @Option(help: "How even arrivals are: a gamma distribution's shape. 1: Poisson; inf: constant; below 1: bursts.")
    var burstiness: String?

    @Option(name: [.customLong("requests"), .customShort("n")], help: "Requests in all.")
    var requests: Int?

    @Option(
        name: [.customLong("duration"), .customShort("z")],
        help: "How long requests begin: 30s, 2m. Default: 10s, where nothing else ends the run."
    )
    var duration: String?

    @Option(help: "How long the load takes to grow to its full size. Default: 1 ms a stream; of rates, none.")
    var ramp: String?

    @Option(help: "Request rates one after the other: 10:30s,10-50:1m,50:30s.")
    var stages: String?

    @Option(help: "A file of arrivals: seconds from the start, one a line, or JSON lines with a timestamp in ms.")
    var trace: String?

    @Option(
        help: """
            Loads that rise until the server is saturated, each a run of its own: 10..1000 streams, 10,20,50, or \
            rate:10..500 requests a second.
            """
    )
    var sweep: String?

    @Option(help: "Streams at once of a planned load. Who waits for a place waits on the clock.")
    var maxConcurrency: Int?

    @Option(help: "What is left out at the beginning: 10s, or 50 requests.")
    var warmup: String?

    @Option(help: "What random times are drawn from.")
    var seed: UInt64 = 0

    @Option(help: "A second server, asked in turn with the first, and compared with it.")
    var compare: String?

    @Option(help: "Processes that share the load: more descriptors, more cores.")
    var processes = 1

    @Option(help: "Give a stream up that sends nothing for so long.")
    var timeout = "30s"

    @Option(help: "How long streams may go on after --duration.")
    var drain = "30s"

    @Flag(help: "Open a new connection for each request.")
    var noKeepAlive = false
}

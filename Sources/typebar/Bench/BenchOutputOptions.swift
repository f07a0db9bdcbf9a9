// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// Where results go.
struct BenchOutputOptions: ParsableArguments {
    @Option(help: "Write the report as JSON, with histograms that can be merged.")
    var json: String?

    @Option(help: "Write a row for each metric.")
    var csv: String?

    @Option(help: "Write verdict and assertions as JUnit's XML.")
    var junit: String?

    @Option(help: "Write the report as one page with pictures.")
    var html: String?

    @Option(help: "The JSON of an earlier run, to compare with.")
    var baseline: String?

    @Flag(name: [.long, .customShort("q")], help: "No progress; only the report.")
    var quiet = false
}

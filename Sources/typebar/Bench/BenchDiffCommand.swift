// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Glibc
internal import LoadTest

/// `typebar bench diff A.json B.json`.
struct BenchDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Says what has changed from one report to another, and whether it is more than noise."
    )

    @Argument(help: "The JSON of the earlier run.")
    var before: String

    @Argument(help: "The JSON of the later run.")
    var after: String

    func run() throws {
        do {
            let diff = ReportDiff(from: try BenchFiles.report(before), to: try BenchFiles.report(after))
            Output.report(diff.text(isTerminal: isatty(STDOUT_FILENO) == 1, names: (before, after)))
        } catch let problem as PlanProblem {
            Output.error(problem.description)
            throw ExitStatus.benchUsage
        }
    }
}

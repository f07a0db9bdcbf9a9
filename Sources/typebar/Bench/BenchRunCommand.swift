// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LoadTest

/// `typebar bench URL`.
struct BenchRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Loads a server, and reports when its tokens arrive. The default: typebar bench URL.",
        discussion: """
            The first line of the report says whether its figures can be trusted. \
            Exit codes: 0 all is well; 1 too many streams failed; 2 wrong usage; 3 the client measured itself; \
            99 an assertion does not hold; 130 interrupted, and the report is there.
            """
    )

    @OptionGroup var request: BenchRequestOptions
    @OptionGroup(title: "Connection") var connection: BenchConnectionOptions
    @OptionGroup(title: "Load") var load: BenchLoadOptions
    @OptionGroup(title: "Judgement") var judge: BenchJudgeOptions
    @OptionGroup(title: "Output") var output: BenchOutputOptions

    /// This is one of the processes of such a run: which.
    @Option(help: .hidden) var worker: BenchWorker.Role?

    func run() async throws {
        StandardDescriptors.secure()
        do {
            let plans = try BenchPlans(request: request, connection: connection, load: load, judge: judge)
            if let worker, worker.level < plans.levels.count {
                try await BenchWorker(worker, plans).run()
            } else {
                var session = try BenchSession(plans, load: load, judge: judge, output: output)
                try await session.run()
            }
        } catch let problem as PlanProblem {
            Output.error(problem.description)
            throw ExitStatus.benchUsage
        } catch let problem as InvalidAssertion {
            Output.error("--assert: \(problem.description)")
            throw ExitStatus.benchUsage
        } catch let failure as LoadFailure {
            Output.error(failure.description)
            throw ExitCode.failure
        }
    }
}

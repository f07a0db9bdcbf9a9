// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Gateway
internal import Glibc
internal import LoadTest

/// Plays the plans one after the other, and reports.
struct BenchSession {
    private let plans: BenchPlans
    private let processes: Int
    private let calibrates: Bool
    private let assertions: [Assertion]
    private let output: BenchOutputOptions
    private let baseline: Report?
    private var report = Report()

    /// Errors are found before the load begins: what is typed wrongly, and files that cannot be read.
    init(
        _ plans: BenchPlans,
        load: BenchLoadOptions,
        judge: BenchJudgeOptions,
        output: BenchOutputOptions
    ) throws {
        self.plans = plans
        self.output = output
        processes = load.processes
        calibrates = judge.calibrate
        assertions = try judge.assertions.map { try Assertion($0) }
        try BenchFiles.check([
            ("--json", output.json), ("--csv", output.csv), ("--junit", output.junit), ("--html", output.html),
        ])
        baseline = try output.baseline.map { try BenchFiles.report($0) }
        report.began = time(nil)
        report.machine = Machine.current(typebar: Version.text)
        report.command = BenchCommandLine.masked
        report.urls = plans.levels.first?.plan.targets.map { SecretMask.url($0.url) } ?? []
        report.seed = load.seed
        report.maxErrorRate = try PlanProblem.of("--max-error-rate", try BenchShare(judge.maxErrorRate).value)
        report.allowsClientBound = judge.allowClientBound
        if let plan = plans.levels.first?.plan {
            report.engine = plan.engine.rawValue
            report.stall = plan.stall
            report.readerRate = plan.readerRate
        }
    }

    mutating func run() async throws {
        // Whoever has read enough of the report or the progress does not end the run, nor change its exit code.
        signal(SIGPIPE, SIG_IGN)
        do throws(LoadFailure) {
            for level in plans.levels { try Preflight.check(level.plan, processes: processes) }
            let interrupt = await BenchInterrupt.watch()
            if calibrates { try await calibrate(interrupt) }
            try await playAll(interrupt)
        } catch {
            // Reported all the same, with the levels that were played: whoever asked for a file finds in it what failed.
            report.failure = error.description
        }
        let isWritten = BenchFiles.write(report, to: output, baseline: baseline)
        let isTerminal = isatty(STDOUT_FILENO) == 1
        Output.report(ReportText.text(report, isTerminal: isTerminal))
        if let baseline {
            let names = (old: "the baseline \(output.baseline ?? "")", new: "this run")
            Output.report("\n" + ReportDiff(from: baseline, to: report).text(isTerminal: isTerminal, names: names))
        }
        if let failure = report.failure { Output.error(failure) }
        let code = report.outcome.exitCode
        if code != 0 { throw ExitCode(code) }
        if !isWritten { throw ExitCode.failure }
    }

    /// Level by level, until one is too much.
    private mutating func playAll(_ interrupt: BenchInterrupt) async throws(LoadFailure) {
        for level in plans.levels.indices {
            let record = try await play(level, interrupt)
            report.setEngine(plans.levels[level].plan.engine, record)
            report.runs.append(judged(record, plans.levels[level]))
            if interrupt.isSet || report.saturation != nil { break }
        }
    }

    /// What the client is good for, at as many streams as the heaviest load is known to have.
    private mutating func calibrate(_ interrupt: BenchInterrupt) async throws(LoadFailure) {
        let most = plans.levels.map(\.plan.connections).max() ?? 0
        let isQuiet = output.quiet
        let engine = plans.levels.first?.plan.engine ?? .epoll
        let result = try await BenchCalibration.measure(engine, most: max(most, 100), rate: 20, interrupt) { line in
            if !isQuiet { Output.text("calibration: \(line)") }
        }
        report.calibration = result.summary
    }

    private func play(_ index: Int, _ interrupt: BenchInterrupt) async throws(LoadFailure) -> RunRecord {
        let level = plans.levels[index]
        let run = try start(index)
        interrupt.handle { run.interrupt() }
        let isQuiet = output.quiet
        let progress = Task {
            var progress = BenchProgress()
            while !Task.isCancelled, !isQuiet {
                try? await Task.sleep(for: .milliseconds(progress.interval))
                progress.show(run.figures, load: level.plan.arrivals.summary)
            }
            if !isQuiet { progress.end() }
        }
        defer { progress.cancel() }
        let record = try await run.play()
        progress.cancel()
        await progress.value
        return record
    }

    private func start(_ index: Int) throws(LoadFailure) -> any LoadRun {
        guard processes > 1 else { return LocalRun(plans.levels[index].plan) }
        let startsAt = SharedRun.start(of: plans.levels[index].plan)
        let arguments = Array(CommandLine.arguments.dropFirst())
        let processes = processes
        return try SharedRun(processes: processes) { share in
            let role = BenchWorker.Role(index: share, count: processes, level: index, startsAt: startsAt)
            return arguments + ["--worker", role.text]
        }
    }

    private func judged(_ record: RunRecord, _ level: BenchPlans.Level) -> Report.Run {
        let plan = level.plan
        var run = Report.Run()
        run.load = plan.arrivals.summary
        run.level = level.value
        run.scheduleHash = plan.arrivals.scheduleHash
        if case .closed = plan.arrivals { run.isClosedLoop = true }
        run.record = record
        run.verdict = Verdict(record, burst: plan.arrivals.burst, cores: report.machine.cores)
        run.goodput = plan.objectives.map { Goodput(of: record, objectives: $0) }
        run.assertions = assertions.map { $0.judge(run) }
        return run
    }
}

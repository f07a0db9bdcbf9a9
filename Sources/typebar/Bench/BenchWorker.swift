// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Glibc
internal import LoadTest
internal import Upstream

/// One of the processes that share a run: it tells its figures and its record to its parent.
struct BenchWorker {
    /// Which part of which run it plays, and when that begins on the monotonic clock: `index/count/level/start`.
    struct Role {
        var index: Int
        var count: Int
        var level: Int
        var startsAt: Int64

        var text: String { "\(index)/\(count)/\(level)/\(startsAt)" }
    }

    private let plan: LoadPlan

    init(_ role: Role, _ plans: BenchPlans) throws(PlanProblem) {
        guard plans.levels.indices.contains(role.level) else {
            throw PlanProblem("--worker is for the processes of a run alone: leave it out")
        }
        var plan = plans.levels[role.level].plan
        plan.share = (role.index, role.count)
        plan.startsAt = role.startsAt
        self.plan = plan
    }

    func run() async throws {
        let interrupt = await BenchInterrupt.watch()
        let run = LocalRun(plan)
        interrupt.handle { run.interrupt() }
        let watcher = SystemThread.start {
            Self.awaitInputEnd()
            run.interrupt()
        }
        if let watcher { pthread_detach(watcher) }
        let progress = Task {
            while !Task.isCancelled {
                Output.line(WorkerLine.figures(run.figures).text)
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
        do {
            let record = try await run.play()
            progress.cancel()
            _ = await progress.value
            Output.line(WorkerLine.record(of: record).text)
        } catch {
            progress.cancel()
            Output.line(WorkerLine.failure(error.description).text)
            throw ExitCode.failure
        }
    }

    /// The parent says nothing on it: it closes it when the run is to end, and the system does when the parent has died.
    private static func awaitInputEnd() {
        var byte: UInt8 = 0
        while true {
            let count = read(STDIN_FILENO, &byte, 1)
            if count == 0 || count < 0 && errno != EINTR { return }
        }
    }
}

extension BenchWorker.Role: ExpressibleByArgument {
    init?(argument: String) {
        let parts = argument.split(separator: "/").compactMap { Int64($0) }
        guard parts.count == 4, parts.allSatisfy({ 0...1 << 62 ~= $0 }), parts[0] < parts[1] else { return nil }
        self.init(index: Int(parts[0]), count: Int(parts[1]), level: Int(parts[2]), startsAt: parts[3])
    }
}

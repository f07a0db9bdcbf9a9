// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LoadTest
internal import Synchronization
internal import Upstream

/// A run whose load several processes share; each is this program, with the same arguments.
final class SharedRun: LoadRun {
    /// Until it has read its plan; and for each connection, many of which are made at once. In nanoseconds.
    private static let timeOfAProcess: Int64 = 500_000_000
    private static let timeOfAConnection: Int64 = 200_000
    private static let timeOfAHandshake: Int64 = 2_000_000

    private let children: [ChildProcess]
    /// What each process told last.
    private let progress: Mutex<[LiveFigures.Figures]>

    /// When processes that are started now can begin, on the monotonic clock: they connect first.
    static func start(of plan: LoadPlan) -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let connecting =
            Int64(plan.connections(for: plan.connections))
            * (plan.targets.contains(where: \.isSecure) ? timeOfAHandshake : timeOfAConnection)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) + timeOfAProcess + connecting
    }

    /// Starts the processes.
    /// - Parameter arguments: Of the process with the given number.
    init(processes: Int, _ arguments: (Int) -> [String]) throws(LoadFailure) {
        var children: [ChildProcess] = []
        for index in 0..<processes {
            do {
                children.append(try ChildProcess(arguments(index)))
            } catch {
                for child in children { child.interrupt() }
                // All it has to say: it may wait for somebody to read that.
                for child in children { child.readLines { _ in true } }
                for child in children { _ = child.wait() }
                throw LoadFailure(description: "One of the \(processes) processes: \(error.description).")
            }
        }
        self.children = children
        progress = Mutex(Array(repeating: .init(), count: processes))
    }

    var figures: LiveFigures.Figures {
        progress.withLock { $0.reduce(into: LiveFigures.Figures()) { $0.add($1) } }
    }

    func interrupt() {
        for child in children { child.interrupt() }
    }

    func play() async throws(LoadFailure) -> RunRecord {
        var results: [Result<RunRecord, LoadFailure>] = []
        await withTaskGroup { group in
            for index in children.indices {
                group.addTask { await self.follow(index) }
            }
            for await result in group {
                results.append(result)
                // Without one of the processes there is no run: the others need not play it to its end.
                if case .failure = result { interrupt() }
            }
        }
        var whole: RunRecord?
        for result in results {
            let record = try result.get()
            whole?.merge(record)
            whole = whole ?? record
        }
        guard let whole else { throw LoadFailure(description: "No process has run.") }
        return whole
    }

    /// Reads what a process says, on a thread: that waits.
    private func follow(_ index: Int) async -> Result<RunRecord, LoadFailure> {
        await withCheckedContinuation { continuation in
            let thread = SystemThread.start { continuation.resume(returning: self.read(index)) }
            guard let thread else {
                let failure = LoadFailure(description: "No thread to read a process's figures.")
                return continuation.resume(returning: .failure(failure))
            }
            pthread_detach(thread)
        }
    }

    private func read(_ index: Int) -> Result<RunRecord, LoadFailure> {
        let child = children[index]
        var result: Result<RunRecord, LoadFailure>?
        child.readLines { line in
            switch WorkerLine(line) {
            case .figures(let figures): progress.withLock { $0[index] = figures }
            case .record(let json): result = Self.record(json)
            case .failure(let message): result = .failure(LoadFailure(description: message))
            case nil: break
            }
            return true
        }
        let code = child.wait()
        return result ?? .failure(LoadFailure(description: "Process \(index) ended with code \(code) and no figures."))
    }

    private static func record(_ json: String) -> Result<RunRecord, LoadFailure> {
        do {
            return .success(try RunRecord(json: Array(json.utf8)))
        } catch {
            return .failure(LoadFailure(description: "A process told figures that cannot be read: \(error)."))
        }
    }
}

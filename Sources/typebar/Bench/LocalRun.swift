// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LoadTest
internal import Upstream

/// A run in this process, on a thread of its own.
struct LocalRun: LoadRun {
    private let engine: LoadEngine

    init(_ plan: LoadPlan) {
        engine = LoadEngine(plan)
    }

    var figures: LiveFigures.Figures { engine.live.now }

    func interrupt() {
        engine.interrupt()
    }

    func play() async throws(LoadFailure) -> RunRecord {
        let engine = engine
        let result: Result<RunRecord, LoadFailure> = await withCheckedContinuation { continuation in
            let thread = SystemThread.start {
                continuation.resume(returning: Result { () throws(LoadFailure) in try engine.run() })
            }
            guard let thread else {
                let reason = "No thread for the run: \(String(cString: strerror(errno)))."
                return continuation.resume(returning: .failure(LoadFailure(description: reason)))
            }
            pthread_detach(thread)
        }
        return try result.get()
    }
}

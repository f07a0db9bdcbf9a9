// SPDX-License-Identifier: Apache-2.0

internal import LoadTest

/// Measures a server whose schedule is known, in a process of its own, under rising loads.
enum BenchCalibration {
    /// - Parameters:
    ///   - engine: Whose figures are to be held against the schedule.
    ///   - most: Streams at once, at the most.
    ///   - rate: Events a second of each.
    ///   - told: Called with each finished level's line.
    static func measure(
        _ engine: LoadPlan.Engine,
        most: Int,
        rate: Double,
        _ interrupt: BenchInterrupt,
        told: (String) -> Void
    ) async throws(LoadFailure) -> CalibrationResult {
        let server: ChildProcess
        do {
            server = try ChildProcess(["bench", "calibration-server"] + (engine == .nio ? ["--tls"] : []))
        } catch {
            throw LoadFailure(description: error.description)
        }
        defer { _ = server.wait() }
        var text: String?
        server.readLines { line in
            text = line
            return false
        }
        guard let port = text.flatMap({ UInt16($0) }) else {
            throw LoadFailure(description: "The calibration's server did not start.")
        }
        let cores = Machine.current().cores
        var result = CalibrationResult(engine)
        for level in CalibrationLevel.rising(rate: rate, to: most) where !result.isOver && !interrupt.isSet {
            let plan = level.plan(port: port, engine: engine)
            try Preflight.check(plan)
            let run = LocalRun(plan)
            interrupt.handle { run.interrupt() }
            result.add(level, try await run.play(), cores: cores)
            if let line = result.lines.last { told(line) }
        }
        return result
    }
}

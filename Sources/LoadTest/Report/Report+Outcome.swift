// SPDX-License-Identifier: Apache-2.0

extension Report {
    /// How a report ends, for scripts.
    public enum Outcome: String, Sendable {
        case ok
        /// No request succeeded, more failed than ``Report/maxErrorRate``, or a run could not begin.
        case failed
        case clientBound = "client_bound"
        case assertionMissed = "assertion_missed"
        case interrupted

        /// 2 is for wrong usage, and never a report's.
        public var exitCode: Int32 {
            switch self {
            case .ok: 0
            case .failed: 1
            case .clientBound: 3
            case .assertionMissed: 99
            case .interrupted: 130
            }
        }
    }

    /// The first that applies of: interrupted, failed, client-bound, assertion missed. Each makes the later ones moot: a run
    /// that was cut short proves nothing of its errors, latencies of the few requests that succeeded are not the server's,
    /// and an assertion on what the client measured of itself says nothing, whether it holds or not.
    ///
    /// A sweep goes on until something breaks, so its saturated level is judged for one thing only: where the client broke,
    /// and not the server, the server's limit is still unknown.
    public var outcome: Outcome {
        if runs.contains(where: \.record.wasInterrupted) { return .interrupted }
        let judged = judgedRuns
        if failure != nil || judged.isEmpty || judged.contains(where: { $0.hasFailed(maxErrorRate: maxErrorRate) }) {
            return .failed
        }
        if !allowsClientBound, runs.contains(where: { $0.verdict.level == .clientBound }) { return .clientBound }
        return judged.allSatisfy { $0.assertions.allSatisfy(\.holds) } ? .ok : .assertionMissed
    }

    /// All runs; of a sweep those below saturation, or the first.
    var judgedRuns: ArraySlice<Run> {
        saturation.map { runs.prefix(max($0.level, 1)) } ?? runs[...]
    }
}

extension Report.Run {
    /// A target that answered nothing fails a run however well the other one did.
    func hasFailed(maxErrorRate: Double) -> Bool {
        record.targets.isEmpty
            || record.targets.contains { $0.completed == 0 && $0.cut == 0 || $0.errorShare > maxErrorRate }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Whether a run's figures can be trusted.
public struct Verdict: Equatable, Sendable {
    public enum Level: String, Sendable {
        case trusted
        /// The latencies hold, but what the reasons name may not.
        case degraded
        /// The client measured itself.
        case clientBound = "client_bound"
    }

    public var level: Level
    /// In words, worst first; empty where all is well.
    public var reasons: [String]

    /// A report's first line: `trusted`, `degraded: …`, `client-bound: …`.
    public var headline: String {
        let name = level == .clientBound ? "client-bound" : level.rawValue
        return reasons.isEmpty ? name : "\(name): \(reasons.joined(separator: "; "))"
    }
}

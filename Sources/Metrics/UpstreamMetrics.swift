// SPDX-License-Identifier: Apache-2.0

/// What one upstream was asked, counted by the loop that asked.
public struct UpstreamMetrics: Equatable, Sendable {
    public internal(set) var retries = 0
    /// Calls that were made because another one was still silent.
    public internal(set) var hedges = 0
    /// Answers that another target gave because this one could not.
    public internal(set) var failovers = 0
    public internal(set) var continuations = 0
    private var histograms: [CallOutcome: Histogram] = [:]

    init() {}

    /// How long the calls took that ended like this.
    public func seconds(_ outcome: CallOutcome) -> Histogram {
        histograms[outcome] ?? Histogram(.call)
    }

    /// Calls that have ended, in any way.
    public var calls: Int {
        histograms.values.reduce(0) { $0 + $1.count }
    }

    mutating func callEnded(_ outcome: CallOutcome, after nanoseconds: Int64) {
        histograms[outcome, default: Histogram(.call)].observe(nanoseconds)
    }

    mutating func merge(_ other: UpstreamMetrics) {
        retries += other.retries
        hedges += other.hedges
        failovers += other.failovers
        continuations += other.continuations
        for (outcome, histogram) in other.histograms {
            histograms[outcome, default: Histogram(.call)].merge(histogram)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A bound that a run has to keep: `ttft.p99<300ms`. It has to hold for every target.
public struct Assertion: Equatable, Sendable {
    /// What is bounded.
    enum Subject: Equatable, Sendable {
        case metric(Metric, Statistic)
        case total(Total)
    }

    /// One figure of a target. The raw values are the names in `--assert`.
    enum Total: String, CaseIterable, Sendable {
        case planned
        case sent
        case completed
        case failed
        case cut
        /// With `%` the share of the requests that ended by themselves, else how many failed.
        case errors
        /// With `%` the share of the streams that met all objectives, else how many a second.
        case goodput
        /// Events with content a second, of all streams.
        case tokenRate = "tps"
        /// The share of the streams that had a stall.
        case stalledStreams = "stalled_streams"
        /// The share of the time between tokens that stalls took.
        case stalledTime = "stalled_time"
        /// The share of the reads that brought several events.
        case sharedReads = "shared_reads"
    }

    enum Comparison: String, CaseIterable, Sendable {
        // Longer ones first: `<` begins `<=`.
        case atMost = "<="
        case atLeast = ">="
        case equal = "=="
        case unequal = "!="
        case below = "<"
        case above = ">"

        func holds(_ value: Double, _ limit: Double) -> Bool {
            switch self {
            case .atMost: value <= limit
            case .atLeast: value >= limit
            case .equal: value == limit
            case .unequal: value != limit
            case .below: value < limit
            case .above: value > limit
            }
        }
    }

    /// What the limit is a number of, and the measured value with it.
    enum Unit: Equatable, Sendable {
        case milliseconds
        case percent
        case plain

        var name: String {
            switch self {
            case .milliseconds: "ms"
            case .percent: "%"
            case .plain: ""
            }
        }
    }

    /// As written.
    public let text: String
    let subject: Subject
    let comparison: Comparison
    let limit: Double
    let unit: Unit
}

// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// What a run has counted of one target. Records of the processes of a run add up.
public struct TargetRecord: Equatable, Sendable {
    public var format: StreamFormat?
    /// What was spoken, as agreed on: `TLS 1.3, h2`. Nil: plain HTTP/1.1.
    public var wire: String?
    /// Requests that the plan wanted begun by the end of the run, and that have; warm-up apart.
    public var planned = 0
    public var begun = 0
    public var ends: [StreamEnd: Int] = [:]
    /// Of ``StreamEnd/status``.
    public var statuses: [Int: Int] = [:]
    public var events = 0
    /// Events with content.
    public var contents = 0
    /// Completion tokens as far as servers told them.
    public var tokens = 0
    /// Streams whose server told them.
    public var streamsWithTokens = 0
    public var bytes = 0
    public var connections = 0
    public var reusedConnections = 0
    /// Reads with content, and those that brought several such events, which share one time.
    public var reads = 0
    public var sharedReads = 0
    /// Streams with at least one stall.
    public var stalledStreams = 0
    /// Streams that had at least one event with content.
    public var streamsWithContent = 0
    /// Answers that told their end, and whose body had none: the last chunk, or END_STREAM, never came.
    public var endlessBodies = 0
    /// Streams at once, at most; of several processes, the sum.
    public var peakStreams = 0
    /// Streams that met all of the plan's objectives.
    public var metObjectives = 0
    /// Of the measured part, in seconds: from its first planned time to the end of the run.
    public var seconds = 0.0
    public var reading = ReadingCounts()
    /// In the order of ``Metric``.
    var metrics = Array(repeating: Distribution(), count: Metric.allCases.count)
    public var timeline = Timeline()
    /// The streams with the longest gaps, worst first; at most 5.
    public var worst: [StreamSketch] = []
    /// Streams drawn evenly from all; at most 40, by number.
    public var samples: [StreamSketch] = []

    public init() {}

    public subscript(metric: Metric) -> Distribution {
        get { metrics[metric.index] }
        set { metrics[metric.index] = newValue }
    }

    /// The time that all gaps took, in seconds.
    public var gapSeconds: Double { Double(self[.gap].sum) / Double(Nanoseconds.second) }
    /// The time that all stalls took, in seconds.
    public var stalledSeconds: Double { Double(self[.stall].sum) / Double(Nanoseconds.second) }

    mutating func record(_ metric: Metric, _ value: Nanoseconds) {
        metrics[metric.index].record(value)
    }

    /// Adds what another process has counted in the same run.
    public mutating func merge(_ other: TargetRecord) {
        format = format ?? other.format
        wire = wire ?? other.wire
        for count in Self.counts + Self.rareCounts { self[keyPath: count.member] &+= other[keyPath: count.member] }
        ends.merge(other.ends) { $0 &+ $1 }
        statuses.merge(other.statuses) { $0 &+ $1 }
        seconds = max(seconds, other.seconds)
        for index in metrics.indices { metrics[index].merge(other.metrics[index]) }
        timeline.merge(other.timeline)
        worst = StreamSelection.worst(worst + other.worst)
        samples = StreamSelection.samples(samples + other.samples)
    }
}

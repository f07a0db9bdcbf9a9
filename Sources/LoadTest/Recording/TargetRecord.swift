// SPDX-License-Identifier: Apache-2.0

/// What a run has counted of one target. Records of processes, or of runs, add up.
public struct TargetRecord: Sendable {
    public var format: StreamFormat?
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
    /// Streams with at least one stall, and the time that all gaps and all stalls took, in seconds.
    public var stalledStreams = 0
    public var stalledSeconds = 0.0
    public var gapSeconds = 0.0
    /// Streams that had at least one event with content.
    public var streamsWithContent = 0
    /// Streams at once, at most.
    public var peakStreams = 0
    /// Streams that met all of the plan's objectives.
    public var metObjectives = 0
    /// Of the measured part, in seconds.
    public var seconds = 0.0
    public var reading = ReadingCounts()
    public private(set) var metrics: [Distribution] = []
    public var timeline = Timeline()
    /// The streams with the longest gaps, worst first; at most 5.
    public var worst: [StreamSketch] = []
    /// Streams drawn evenly from all; at most 40, by number.
    public var samples: [StreamSketch] = []

    public init() {}

    public subscript(metric: Metric) -> Distribution {
        Distribution()
    }

    /// Adds another's counts.
    public mutating func merge(_ other: TargetRecord) {}
}

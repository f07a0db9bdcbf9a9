// SPDX-License-Identifier: Apache-2.0

extension TargetRecord {
    var completed: Int { ends[.complete] ?? 0 }

    /// Still running when the run was over.
    var cut: Int { ends[.cut] ?? 0 }

    var failed: Int { ends.reduce(0) { $0 &+ ($1.key.isFailure ? $1.value : 0) } }

    /// Requests that ended by themselves. A foreign file's counts may be anything, and wrap rather than crash.
    var finished: Int { completed &+ failed }

    /// Failed requests among the finished; 0 where there are none.
    var errorShare: Double { Self.share(failed, of: finished) }

    /// Of the streams that brought tokens.
    var stalledStreamShare: Double { Self.share(stalledStreams, of: streamsWithContent) }

    /// Of the time that readers of all streams spent between two tokens.
    var stalledTimeShare: Double { gapSeconds > 0 ? stalledSeconds / gapSeconds : 0 }

    /// Reads that brought several events with content, which share one time.
    var sharedReadShare: Double { Self.share(sharedReads, of: reads) }

    /// Events with content, a second of the measured part, by their arrival.
    var contentsPerSecond: Double { seconds > 0 ? Double(contents) / seconds : 0 }

    /// Streams that met all objectives, among the finished.
    var goodShare: Double { Self.share(metObjectives, of: finished) }

    /// How many samples of a metric know nothing of each other: streams, where each gives many.
    func independentSamples(_ metric: Metric) -> Int {
        metric.isPooled ? min(self[metric].count, streamsWithContent) : self[metric].count
    }

    private static func share(_ part: Int, of all: Int) -> Double { all > 0 ? Double(part) / Double(all) : 0 }
}

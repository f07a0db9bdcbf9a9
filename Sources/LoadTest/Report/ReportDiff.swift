// SPDX-License-Identifier: Apache-2.0

/// What has changed from one report to another: for `bench diff`, and for `--baseline`.
public struct ReportDiff: Sendable {
    /// What a metric's change comes to.
    public enum Change: String, Sendable {
        /// No more than chance brings about.
        case same = "same within noise"
        /// More than chance, but less than 1 % of p50, p99 and mean.
        case slight = "same within 1 %"
        case better
        case worse
        /// Better in one figure, worse in another.
        case mixed = "better and worse"
    }

    /// A metric that both have measured.
    public struct Row: Equatable, Sendable {
        public var metric: Metric
        /// Each before and after, in the metric's unit; nil where there were too few samples.
        public var p50: Pair
        public var p99: Pair
        public var mean: Pair
        public var change: Change
    }

    public struct Pair: Equatable, Sendable {
        public var before: Double?
        public var after: Double?
    }

    /// One target of a run that both have.
    public struct Section: Sendable {
        /// The load, and the target where there are several.
        public var title: String
        public var rows: [Row]
        /// Failed requests, as shares.
        public var errors: Pair
        public var tokensPerSecond: Pair
        /// Streams with a stall, as shares.
        public var stalledStreams: Pair
    }

    /// What makes a comparison doubtful, in words.
    public let warnings: [String]
    public let sections: [Section]

    /// Something is worse by more than chance, in some metric.
    public var hasWorsened: Bool {
        sections.contains { $0.rows.contains { $0.change == .worse || $0.change == .mixed } }
    }

    /// Runs of the same load belong together, or the only ones of their reports.
    public init(from old: Report, to new: Report) {
        var warnings = Self.originWarnings(old, new)
        var sections: [Section] = []
        for (index, run) in new.runs.enumerated() {
            let isOnly = new.runs.count == 1 && old.runs.count == 1
            guard let before = isOnly ? old.runs[index] : old.runs.first(where: { $0.load == run.load }) else {
                warnings.append("the first has no run of \(run.load)")
                continue
            }
            warnings += Self.warnings(before, run)
            let pairs = zip(before.record.targets, run.record.targets)
            for (index, (before, after)) in pairs.enumerated() {
                let isAlone = run.record.targets.count == 1
                let title = isAlone ? run.load : "\(run.load), target \(Report.targetNames[min(index, 1)])"
                sections.append(Section(title: title, from: before, to: after))
            }
        }
        self.warnings = warnings
        self.sections = sections
    }
}

extension ReportDiff.Section {
    init(title: String, from old: TargetRecord, to new: TargetRecord) {
        self.init(
            title: title,
            rows: Metric.allCases.compactMap { ReportDiff.Row($0, from: old, to: new) },
            errors: ReportDiff.Pair(before: old.errorShare, after: new.errorShare),
            tokensPerSecond: ReportDiff.Pair(before: old.contentsPerSecond, after: new.contentsPerSecond),
            stalledStreams: ReportDiff.Pair(before: old.stalledStreamShare, after: new.stalledStreamShare)
        )
    }
}

extension ReportDiff.Row {
    /// Nil where one of the two has not measured it.
    init?(_ metric: Metric, from old: TargetRecord, to new: TargetRecord) {
        let (before, after) = (old[metric], new[metric])
        guard before.count > 0, after.count > 0 else { return nil }
        func pair(_ statistic: Statistic) -> ReportDiff.Pair {
            ReportDiff.Pair(
                before: statistic.value(of: before).map { $0 / metric.scale },
                after: statistic.value(of: after).map { $0 / metric.scale }
            )
        }
        self.init(
            metric: metric,
            p50: pair(.percentile(0.5)),
            p99: pair(.percentile(0.99)),
            mean: pair(.mean),
            change: .same
        )
        let samples = (old.independentSamples(metric), new.independentSamples(metric))
        guard DistributionDistance(before, after, samples: samples).exceedsChance else { return }
        change = Self.change([p50, p99, mean], isBetterLow: metric.isBetterLow)
    }

    /// Changes below 1 % do not matter to anybody, however certain they are.
    private static func change(_ pairs: [ReportDiff.Pair], isBetterLow: Bool) -> ReportDiff.Change {
        var (falls, rises) = (false, false)
        for pair in pairs {
            guard let before = pair.before, let after = pair.after else { continue }
            if after < before * 0.99 { falls = true }
            if after > before * 1.01 { rises = true }
        }
        return switch (falls, rises) {
        case (false, false): .slight
        case (true, true): .mixed
        case (true, false): isBetterLow ? .better : .worse
        case (false, true): isBetterLow ? .worse : .better
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What has changed from one report to another: for `bench diff`, and for `--baseline`.
public struct ReportDiff: Sendable {
    /// What a metric's change comes to.
    public enum Change: String, Sendable {
        /// No more than chance brings about.
        case same = "same within noise"
        /// More than chance, but p50, p99 and mean change by less than 1 %, or by less than runs of one load do.
        case slight = "too slight to matter"
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
        public var tokensPerSecond: Pair
        public var failedRequests: ShareRow
        public var stalledStreams: ShareRow
    }

    /// A share of which less is better.
    public struct ShareRow: Equatable, Sendable {
        public var name: String
        public var shares: Pair
        public var change: Change
    }

    /// What makes a comparison doubtful, in words.
    public let warnings: [String]
    public let sections: [Section]

    /// Something is worse by more than chance, in some metric.
    public var hasWorsened: Bool {
        !names(of: .worse).isEmpty || !names(of: .mixed).isEmpty
    }

    /// What has changed so: each metric once, however many levels a sweep has.
    func names(of change: Change) -> [String] {
        let metrics = Metric.allCases.filter { metric in
            sections.contains { $0.rows.contains { $0.metric == metric && $0.change == change } }
        }
        let shares = sections.flatMap { [$0.failedRequests, $0.stalledStreams] }.filter { $0.change == change }
        return shares.reduce(into: metrics.map(\.rawValue)) { names, row in
            if !names.contains(row.name) { names.append(row.name) }
        }
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
            tokensPerSecond: ReportDiff.Pair(before: old.contentsPerSecond, after: new.contentsPerSecond),
            failedRequests: ReportDiff.ShareRow(
                name: "failed requests",
                from: (old.failed, old.finished),
                to: (new.failed, new.finished)
            ),
            stalledStreams: ReportDiff.ShareRow(
                name: "streams with a stall",
                from: (old.stalledStreams, old.streamsWithContent),
                to: (new.stalledStreams, new.streamsWithContent)
            )
        )
    }
}

// SPDX-License-Identifier: Apache-2.0

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
        change = Self.change([p50, p99, mean], of: metric)
    }

    /// Changes below 1 % do not matter to anybody, however certain they are.
    private static func change(_ pairs: [ReportDiff.Pair], of metric: Metric) -> ReportDiff.Change {
        var (falls, rises) = (false, false)
        for pair in pairs {
            guard let before = pair.before, let after = pair.after else { continue }
            let least = max(before * 0.01, metric.leastChange)
            if after < before - least { falls = true }
            if after > before + least { rises = true }
        }
        return switch (falls, rises) {
        case (false, false): .slight
        case (true, true): .mixed
        case (true, false): metric.isBetterLow ? .better : .worse
        case (false, true): metric.isBetterLow ? .worse : .better
        }
    }
}

extension ReportDiff.ShareRow {
    /// Beyond chance is what happens once in a hundred times where both are one share (two proportions, by their normal limit).
    init(name: String, from old: (part: Int, all: Int), to new: (part: Int, all: Int)) {
        let (before, after) = (Self.share(old), Self.share(new))
        self.init(name: name, shares: ReportDiff.Pair(before: before, after: after), change: .same)
        guard let before, let after else { return }
        let (n, m) = (Double(old.all), Double(new.all))
        let pooled = (Double(old.part) + Double(new.part)) / (n + m)
        let deviation = (pooled * (1 - pooled) * (1 / n + 1 / m)).squareRoot()
        if (after - before).magnitude > 2.576 * deviation { change = after > before ? .worse : .better }
    }

    /// Nil: of nothing.
    private static func share(_ count: (part: Int, all: Int)) -> Double? {
        count.all > 0 ? Double(count.part) / Double(count.all) : nil
    }
}

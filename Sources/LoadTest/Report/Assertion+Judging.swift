// SPDX-License-Identifier: Apache-2.0

extension Assertion {
    /// Whether it holds for each of the run's targets; the figure is that of the first target that misses it, or of the last.
    public func judge(_ run: Report.Run) -> AssertionResult {
        var result = AssertionResult(text: text, holds: false, note: "there is no target")
        for (index, target) in run.record.targets.enumerated() {
            result = judge(target, hasObjectives: run.goodput != nil)
            if run.record.targets.count > 1 {
                let name = "target \(Report.targetNames[min(index, 1)])"
                result.note = result.note.map { "\(name): \($0)" } ?? name
            }
            if !result.holds { break }
        }
        return result
    }

    private func judge(_ target: TargetRecord, hasObjectives: Bool) -> AssertionResult {
        switch measure(target, hasObjectives: hasObjectives) {
        case .value(let value):
            AssertionResult(
                text: text,
                measured: value,
                unit: unit.name,
                holds: comparison.holds(value, limit)
            )
        case .nothing(let why):
            AssertionResult(text: text, unit: unit.name, holds: false, note: why)
        }
    }

    private enum Measured {
        case value(Double)
        case nothing(String)
    }

    private func measure(_ target: TargetRecord, hasObjectives: Bool) -> Measured {
        switch subject {
        case .metric(let metric, .count): .value(Double(target[metric].count))
        case .metric(let metric, let statistic): measure(metric, statistic, target)
        case .total(.goodput) where !hasObjectives: .nothing("goodput has no objectives: give --goodput")
        case .total(let total): .value(measure(total, target))
        }
    }

    private func measure(_ metric: Metric, _ statistic: Statistic, _ target: TargetRecord) -> Measured {
        if let value = statistic.value(of: target[metric]) { return .value(value / metric.scale) }
        let count = target[metric].count
        if count == 0 { return .nothing("\(metric.rawValue) was not measured once") }
        let needed = Figure.count(statistic.neededSamples)
        return .nothing("\(statistic.name) takes \(needed) samples, and there are \(Figure.count(count))")
    }

    private func measure(_ total: Total, _ target: TargetRecord) -> Double {
        let isShare = unit == .percent
        return switch total {
        case .planned: Double(target.planned)
        case .sent: Double(target.begun)
        case .completed: Double(target.completed)
        case .failed: Double(target.failed)
        case .cut: Double(target.cut)
        case .errors: isShare ? target.errorShare * 100 : Double(target.failed)
        case .goodput:
            isShare ? target.goodShare * 100 : target.seconds > 0 ? Double(target.metObjectives) / target.seconds : 0
        case .tokenRate: target.contentsPerSecond
        case .stalledStreams: target.stalledStreamShare * 100
        case .stalledTime: target.stalledTimeShare * 100
        case .sharedReads: target.sharedReadShare * 100
        }
    }
}

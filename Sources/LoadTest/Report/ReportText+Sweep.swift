// SPDX-License-Identifier: Apache-2.0

extension ReportText {
    /// A row a level, of each target.
    mutating func addSweep() {
        var table = TextTable(words: [0, 7])
        table.add(["load", "began/s", "ttft p50", "ttft p99", "gap p99", "tokens/s", "errors", "verdict"])
        for run in report.runs {
            for (index, target) in run.record.targets.enumerated() {
                let name = run.record.targets.count > 1 ? ", \(Report.targetNames[min(index, 1)])" : ""
                table.add([
                    run.load.printable + name, Figure.short(run.achievedRate),
                    cell(.firstToken, 0.5, target), cell(.firstToken, 0.99, target), cell(.gap, 0.99, target),
                    Figure.short(target.contentsPerSecond), Figure.share(target.errorShare), run.verdict.level.name,
                ])
            }
        }
        addLine()
        add(table)
        addLine()
        guard let saturation = report.saturation else {
            addFact("saturation", "not reached")
            return
        }
        let load = report.runs[saturation.level].load
        addFact("saturation", "at \(load): \(saturation.reason)", .bold)
    }

    private func cell(_ metric: Metric, _ share: Double, _ target: TargetRecord) -> String {
        Row.metric(metric).cell(.percentile(share), of: target)
    }
}

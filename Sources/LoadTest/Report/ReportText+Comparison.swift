// SPDX-License-Identifier: Apache-2.0

extension ReportText {
    /// Two targets of one run, side by side, and what lies between them.
    mutating func addComparison(_ run: Report.Run) {
        let (a, b) = (run.record.targets[0], run.record.targets[1])
        let statistics: [Statistic] = [.mean, .percentile(0.5), .percentile(0.99), .percentile(0.999), .greatest]
        var table = TextTable(words: [0])
        table.add(["ms"] + Report.targetNames.flatMap { name in statistics.map { "\(name) \($0.name)" } })
        for row in Row.all where a[row.metric].count > 0 || b[row.metric].count > 0 {
            let name =
                switch row {
                case .metric(let metric): metric.rawValue
                case .waited: "gap waited"
                }
            table.add([name] + [a, b].flatMap { target in statistics.map { row.cell($0, of: target) } })
        }
        addLine()
        add(table)

        var differences = TextTable(words: [0, 1, 6])
        differences.add(["B - A, ms", "", "A", "B", "difference", "95 % interval", ""])
        for difference in TargetComparison(a, b).differences {
            differences.add(cells(difference))
        }
        addLine()
        add(differences)
    }

    private func cells(_ difference: TargetComparison.Difference) -> [String] {
        let scale = difference.metric.scale
        func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + Figure.short(value / scale) }
        return [
            difference.metric.rawValue, difference.statistic.name,
            Figure.short(difference.a / scale), Figure.short(difference.b / scale), signed(difference.value),
            "\(signed(difference.interval.lowerBound)) to \(signed(difference.interval.upperBound))",
            difference.isDistinguishable
                ? (difference.favoursB ? "B is better" : "A is better") : "no difference shown",
        ]
    }
}

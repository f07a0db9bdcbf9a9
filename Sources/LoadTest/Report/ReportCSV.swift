// SPDX-License-Identifier: Apache-2.0

/// A report as CSV (RFC 4180): a row for each metric of each target of each run.
public enum ReportCSV {
    private static let statistics: [(name: String, statistic: Statistic)] = [
        ("mean", .mean), ("min", .least), ("p50", .percentile(0.5)), ("p90", .percentile(0.9)),
        ("p95", .percentile(0.95)), ("p99", .percentile(0.99)), ("p999", .percentile(0.999)), ("max", .greatest),
    ]

    /// The header line, then the rows. A field is empty where there were too few samples.
    public static func bytes(_ report: Report) -> [UInt8] {
        var text = line(
            ["run", "load", "verdict", "target", "url", "format", "metric", "unit", "count"] + statistics.map(\.name)
        )
        for (runIndex, run) in report.runs.enumerated() {
            for (index, target) in run.record.targets.enumerated() {
                let place = [
                    String(runIndex + 1), run.load, run.verdict.level.rawValue, String(index + 1),
                    index < report.urls.count ? report.urls[index] : "", target.format?.rawValue ?? "",
                ]
                for metric in Metric.allCases { text += line(place + cells(metric, of: target)) }
            }
        }
        return Array(text.utf8)
    }

    private static func cells(_ metric: Metric, of target: TargetRecord) -> [String] {
        let distribution = target[metric]
        return [metric.rawValue, metric.unitName, String(distribution.count)]
            + statistics.map { column in
                guard let value = column.statistic.value(of: distribution) else { return "" }
                return number(value / metric.scale)
            }
    }

    /// To a microsecond; a program reads it, so that there is no comma.
    private static func number(_ value: Double) -> String {
        Figure.fixed(value, digits: 3).replacing(",", with: "")
    }

    private static func line(_ cells: [String]) -> String { cells.map(field).joined(separator: ",") + "\r\n" }

    private static func field(_ text: String) -> String {
        // By scalars: a carriage return and a line feed are one Character.
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}

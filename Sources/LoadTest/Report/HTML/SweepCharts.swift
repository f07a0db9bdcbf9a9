// SPDX-License-Identifier: Apache-2.0

/// How a server bears a growing load.
struct SweepCharts: Sendable {
    private let runs: [Report.Run]
    private let names: [String]
    /// The first level that was too much.
    private let saturated: Int?

    init(_ report: Report, atMost most: Int = 60) {
        runs = Array(report.runs.prefix(most))
        names = Self.names(runs)
        saturated = report.saturation?.level
    }

    var charts: [Chart] {
        guard runs.count > 1 else { return [] }
        return [
            latency("First token, from the plan", .firstToken),
            latency("Gaps", .gap),
            chart("Tokens a second, all streams", unit: "1/s", targets { $0.contentsPerSecond }),
            chart("Failed requests", unit: "%", targets { $0.errorShare * 100 }),
        ]
    }

    /// The numbers of the levels, or their places where they are none.
    private static func names(_ runs: [Report.Run]) -> [String] {
        let levels = runs.compactMap(\.level)
        return levels.count == runs.count ? levels.map(PageNumbers.tick) : (1...max(runs.count, 1)).map { "\($0)" }
    }

    private var axis: Axis {
        let isNumbered = runs.allSatisfy { $0.level != nil }
        let isClosed = runs.allSatisfy(\.isClosedLoop)
        return Axis.levels(names, unit: !isNumbered ? "level" : isClosed ? "streams at once" : "requests a second")
    }

    /// The median, and the highest percentile for which most levels have samples enough; or of two targets, the latter.
    private func latency(_ caption: String, _ metric: Metric) -> Chart {
        let high = [0.99, 0.9].first { share in
            runs.count { run in run.record.targets.allSatisfy { $0[metric].enoughFor(share) } } * 2 > runs.count
        }
        let tail = high.map { Statistic.percentile($0) } ?? .greatest
        func value(_ statistic: Statistic) -> (TargetRecord) -> Double? {
            { record in statistic.value(of: record[metric]).map { $0 / metric.scale } }
        }
        if hasTwoTargets { return chart("\(caption), \(tail.name)", unit: "ms", targets(value(tail))) }
        return chart(
            caption,
            unit: "ms",
            [
                line(tail.name, .two, target: 0, value(tail)),
                line("p50", .one, target: 0, value(.percentile(0.5))),
            ]
        )
    }

    private var hasTwoTargets: Bool { runs.contains { $0.record.targets.count > 1 } }

    private func targets(_ value: (TargetRecord) -> Double?) -> [Series] {
        hasTwoTargets
            ? [line("A", .one, target: 0, value), line("B", .two, target: 1, value)]
            : [line("", .one, target: 0, value)]
    }

    private func line(
        _ name: String,
        _ look: Series.Look,
        target: Int,
        _ value: (TargetRecord) -> Double?
    ) -> Series {
        let points = runs.enumerated().map { level, run in
            let targets = run.record.targets
            return Series.Point(x: Double(level), y: target < targets.count ? value(targets[target]) : nil)
        }
        return Series(name: name, look: look, points: points)
    }

    private func chart(_ caption: String, unit: String, _ lines: [Series]) -> Chart {
        let values = lines.flatMap { $0.points.compactMap(\.y) }
        let (least, most) = (values.min() ?? 0, values.max() ?? 0)
        let y =
            unit == "ms"
            ? Axis.latency(typical: least, least: least, most: most) : Axis.linear(to: most, unit: unit)
        var plot = Plot(words(caption, unit: unit, lines), x: axis, y: y, height: 200)
        if let saturated { plot.border(atX: Double(saturated) - 0.5, "saturated", "bad") }
        var chart = Chart(caption, plot: plot, lines: lines)
        for line in lines {
            for point in line.points {
                if let y = point.y { chart.plot.dot(x: point.x, y: y, line.look.rawValue) }
            }
        }
        addHints(lines, unit: unit, to: &chart.plot)
        return chart
    }

    private func addHints(_ lines: [Series], unit: String, to plot: inout Plot) {
        for (level, run) in runs.enumerated() {
            let values = lines.compactMap { line in
                line.points[level].y.map { "\(line.name) \(Figure.short($0)) \(unit)" }
            }
            let text = "\(PageWords.clipped(run.load, to: 80)): \(values.joined(separator: ", "))"
            let place = Double(level)
            plot.hint(text, from: place - 0.5, to: place + 0.5, top: 0, height: plot.height)
        }
    }

    private func words(_ caption: String, unit: String, _ lines: [Series]) -> String {
        let each = lines.map { line in
            let values = zip(names, line.points).map { "\($0): \($1.y.map(Figure.short) ?? Figure.none)" }
            return "\(line.name) \(values.joined(separator: ", "))"
        }
        return "\(caption) by level of load, in \(unit). \(each.joined(separator: "; "))."
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What happened when: strips over one another that share their time.
struct TimelineCharts: Sendable {
    /// One for each target.
    struct Run: Sendable {
        var name: String
        var look: Series.Look
        var columns: TimelineColumns
    }

    private typealias Column = TimelineColumns.Column

    let runs: [Run]

    init(_ runs: [Run]) {
        self.runs = runs.filter { !$0.columns.columns.isEmpty }
    }

    var charts: [Chart] {
        guard !runs.isEmpty else { return [] }
        var charts = [
            strip("Streams running", unit: "streams", isWhole: true, isFilled: true) { $0.streams },
            strip("Tokens a second, all streams", unit: "1/s", isFilled: true) { $0.contentRate },
            firstToken,
            strip("Longest gap that ended then", unit: "ms") { $0.longestGap },
        ]
        if runs.contains(where: { $0.columns.columns.contains { $0.failed > 0 } }) { charts.append(failures) }
        // All have one axis; its name stands below the last.
        for index in charts.indices.dropLast() { charts[index].plot.x.unit = "" }
        return charts
    }

    private var time: Axis {
        Axis.time(to: runs.map(\.columns.seconds).max() ?? 1, since: "the run’s start")
    }

    private func strip(
        _ caption: String,
        unit: String,
        isWhole: Bool = false,
        isFilled: Bool = false,
        _ value: (Column) -> Double?
    ) -> Chart {
        let lines = runs.map { series($0, name: $0.name, look: $0.look, value) }
        let most = lines.flatMap { $0.points.compactMap(\.y) }.max() ?? 0
        let y = Axis.linear(to: most, unit: unit, steps: 3, isWhole: isWhole)
        var plot = Plot(words(caption, lines, unit: unit), x: time, y: y, height: 96)
        if isFilled, lines.count == 1 { plot.area(lines[0]) }
        if runs.count == 1 { addHints(lines[0], unit: unit, to: &plot) }
        var chart = Chart(caption, plot: plot, lines: lines, isStepped: true)
        chart.isWide = true
        return chart
    }

    private var firstToken: Chart {
        let lines =
            runs.count == 1
            ? [
                series(runs[0], name: "mean", look: .one) { $0.firstTokenMean },
                series(runs[0], name: "latest", look: .two) { $0.firstTokenMost },
            ] : runs.map { series($0, name: $0.name, look: $0.look) { $0.firstTokenMost } }
        let caption = runs.count == 1 ? "First tokens that came then" : "Latest of the first tokens that came then"
        let most = lines.flatMap { $0.points.compactMap(\.y) }.max() ?? 0
        let y = Axis.linear(to: most, unit: "ms", steps: 3)
        var plot = Plot(words(caption, lines, unit: "ms"), x: time, y: y, height: 112)
        if runs.count == 1 { addHints(lines[1], unit: "ms", to: &plot) }
        var chart = Chart(caption, plot: plot, lines: lines, isStepped: true)
        chart.isWide = true
        return chart
    }

    private var failures: Chart {
        let lines = runs.map { series($0, name: $0.name, look: $0.look) { $0.failed } }
        let most = lines.flatMap { $0.points.compactMap(\.y) }.max() ?? 0
        let y = Axis.linear(to: most, unit: "failed", steps: 2, isWhole: true)
        var plot = Plot(words("Failed requests", lines, unit: "failed"), x: time, y: y, height: 56)
        for run in runs {
            let bars = run.columns.columns.enumerated().filter { $1.failed > 0 }.map { index, column in
                let from = Double(index) * run.columns.width
                return plot.bar(from: from, to: from + run.columns.width, value: column.failed)
            }
            plot.boxes(bars, runs.count == 1 ? "fill bad" : "fill " + run.look.rawValue)
        }
        if runs.count == 1 { addHints(lines[0], unit: "failed", to: &plot) }
        var chart = Chart("Failed requests", plot: plot)
        chart.isWide = true
        if runs.count > 1 {
            chart.keys = runs.map { Chart.Key(name: $0.name, look: "fill " + $0.look.rawValue, isBox: true) }
        }
        return chart
    }

    private func series(_ run: Run, name: String, look: Series.Look, _ value: (Column) -> Double?) -> Series {
        var points = run.columns.columns.enumerated().map { index, column in
            Series.Point(x: Double(index) * run.columns.width, y: value(column))
        }
        if let last = points.last { points.append(Series.Point(x: run.columns.seconds, y: last.y)) }
        return Series(name: name, look: look, points: points)
    }

    /// Each column tells its figure to a pointer that rests on it.
    private func addHints(_ line: Series, unit: String, to plot: inout Plot) {
        for (point, next) in zip(line.points, line.points.dropFirst()) {
            guard let y = point.y, y > 0 else { continue }
            let text = "\(PageNumbers.tick(point.x)) s: \(Figure.short(y)) \(unit)"
            plot.hint(text, from: point.x, to: next.x, top: 0, height: plot.height)
        }
    }

    private func words(_ caption: String, _ lines: [Series], unit: String) -> String {
        let each = lines.map { line in
            let values = line.points.compactMap(\.y)
            let most = values.max().map { "at most \(Figure.short($0)) \(unit)" } ?? "nothing"
            return lines.count > 1 ? "\(line.name) \(most)" : most
        }
        return
            "\(caption), over \(Figure.short(runs.map(\.columns.seconds).max() ?? 0)) s: \(each.joined(separator: "; "))."
    }
}

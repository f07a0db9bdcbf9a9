// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How the gaps are spread: a hill where the model's rhythm is, and small ones far to the right, which are stalls.
struct GapHistogram: Sendable {
    /// Ms; what is shorter falls into the first bar.
    private static let shortest = 0.01

    /// Borders of the bars in ms, equally wide on a logarithmic scale.
    let borders: [Double]

    /// - Parameter distributions: Those that share the picture.
    init(_ distributions: [Distribution]) {
        let bins = distributions.flatMap { [$0.minimum, $0.maximum].compactMap(\.self) }
            .map { max(Double($0) / 1e6, Self.shortest) }
        let low = log10(bins.min() ?? 1)
        let high = max(log10(bins.max() ?? 10), low + 0.3)
        // As fine as can be seen, and not finer than the values' own precision.
        let perDecade = min(max((60 / (high - low)).rounded(), 8), 40)
        let first = (low * perDecade).rounded(.down)
        let count = Int((high * perDecade).rounded(.down) - first) + 1
        borders = (0...count).map { pow(10, (first + Double($0)) / perDecade) }
    }

    /// The share of all gaps that falls into each bar.
    func shares(of distribution: Distribution) -> [Double] {
        var shares = Array(repeating: 0.0, count: borders.count - 1)
        let (low, high) = (log10(borders[0]), log10(borders[borders.count - 1]))
        for bin in distribution.bins() {
            let value = log10(max(Double(bin.value) / 1e6, Self.shortest))
            let place = Int((value - low) / (high - low) * Double(shares.count) + 1e-9)
            shares[min(max(place, 0), shares.count - 1)] += Double(bin.count) / Double(max(distribution.count, 1))
        }
        return shares
    }

    /// Nil without a gap. Ours alone is drawn as bars; others as outlines.
    static func chart(_ gaps: [(name: String, look: Series.Look, gaps: Distribution)], stall: Double) -> Chart? {
        let gaps = gaps.filter { !$0.gaps.isEmpty }
        guard let ours = gaps.first else { return nil }
        let histogram = GapHistogram(gaps.map(\.gaps))
        let (low, high) = (histogram.borders[0], histogram.borders[histogram.borders.count - 1])
        var x = Axis.logarithmic(from: low, to: high, unit: "gap, ms")
        // From the round value below, not from the power of ten.
        x.low = x.ticks.last { $0.value <= low * 1.000_001 }?.value ?? x.low
        x.ticks.removeAll { $0.value < x.low }
        let rarest = gaps.map { 1 / Double($0.gaps.count) }.min() ?? 1
        var y = Axis.logarithmic(from: rarest * 100, to: 100, unit: "% of gaps")
        y.low = min(y.low, rarest * 50)
        let median = Double(ours.gaps.percentile(0.5) ?? 0) / 1e6
        var plot = Plot(words(ours.gaps, stall: stall), x: x, y: y, height: 240)
        let lines = gaps.map { Series(name: $0.name, look: $0.look, points: histogram.outline(of: $0.gaps)) }
        if gaps.count == 1 { histogram.drawBars(of: ours.gaps, stall: stall, on: &plot) }
        plot.border(atX: median, "median \(Figure.short(median))", "median")
        let isClose = (plot.x.position(median) - plot.x.position(stall)).magnitude < 0.3
        if stall > low, stall < x.high {
            plot.border(atX: stall, "stall \(Figure.short(stall))", "bad", row: isClose ? 1 : 0)
        }
        return Chart("How long the gaps are", plot: plot, lines: gaps.count > 1 ? lines : [], isStepped: true)
    }

    private func drawBars(of gaps: Distribution, stall: Double, on plot: inout Plot) {
        var (usual, stalled): ([Plot.Box], [Plot.Box]) = ([], [])
        for (index, share) in shares(of: gaps).enumerated() where share > 0 {
            let bar = plot.bar(from: borders[index], to: borders[index + 1], value: share * 100)
            if borders[index] >= stall * 0.999 { stalled.append(bar) } else { usual.append(bar) }
        }
        plot.boxes(usual, "fill one")
        plot.boxes(stalled, "fill bad")
    }

    private func outline(of gaps: Distribution) -> [Series.Point] {
        var points = shares(of: gaps).enumerated().map { Series.Point(x: borders[$0], y: $1 * 100) }
        if let last = points.last { points.append(Series.Point(x: borders[borders.count - 1], y: last.y)) }
        return points
    }

    private static func words(_ gaps: Distribution, stall: Double) -> String {
        "Histogram of \(Figure.count(gaps.count)) gaps: half are up to "
            + "\(Figure.time(gaps.percentile(0.5) ?? 0)), the longest is \(Figure.time(gaps.maximum ?? 0)). "
            + "A gap longer than \(Figure.short(stall)) ms is a stall."
    }
}

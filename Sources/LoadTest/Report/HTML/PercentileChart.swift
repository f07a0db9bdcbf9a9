// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Every percentile of a time at once: how long the unlucky wait, and how many they are.
enum PercentileChart {
    /// A curve that is to be drawn.
    struct Curve: Sendable {
        var name: String
        var look: Series.Look
        var quantiles: Quantiles
        /// Each value weighs as much as it is long.
        var isTimeWeighted = false

        func value(at share: Double) -> Double? {
            isTimeWeighted ? quantiles.timeWeighted(at: share) : quantiles.value(at: share)
        }
    }

    /// Nil where none of the curves has a value.
    static func chart(_ caption: String, note: String, _ curves: [Curve]) -> Chart? {
        let curves = curves.filter { $0.quantiles.count > 0 }
        guard !curves.isEmpty else { return nil }
        let x = Axis.nines(samples: curves.map(\.quantiles.count).max() ?? 1)
        let lines = curves.map { line($0, to: x.high) }
        let tops = lines.flatMap { $0.points.compactMap(\.y) }
        let y = Axis.latency(
            typical: curves.compactMap { $0.value(at: 0.5) }.min() ?? 0,
            least: curves.map(\.quantiles.least).min() ?? 0,
            most: tops.max() ?? 1
        )
        return Chart(
            caption,
            note: note,
            plot: Plot(words(caption, curves), x: x, y: y, height: 240),
            lines: lines
        )
    }

    /// Values that occurred, so the line has steps. It is thin where fewer than ten values lie beyond.
    private static func line(_ curve: Curve, to high: Double) -> Series {
        let nines = -log10(1 - high)
        let count = Double(curve.quantiles.count)
        let last = min(high, 1 - 1 / max(count, 10))
        let reach = -log10(1 - last)
        let steps = max(2, Int(180 * reach / nines))
        let points = (0...steps).map { step in
            let share = 1 - pow(10, -reach * Double(step) / Double(steps))
            return Series.Point(x: share, y: curve.value(at: share))
        }
        return Series(name: curve.name, look: curve.look, points: points, thinFrom: 1 - 10 / max(count, 10))
    }

    private static func words(_ caption: String, _ curves: [Curve]) -> String {
        let each = curves.map { curve in
            let values = [(0.5, "p50"), (0.9, "p90"), (0.99, "p99"), (1, "greatest")]
                .compactMap { share, name in curve.value(at: share).map { "\(name) \(Figure.short($0)) ms" } }
            return "\(curve.name): \(values.joined(separator: ", "))"
        }
        return "\(caption), by percentile. \(each.joined(separator: "; "))."
    }
}

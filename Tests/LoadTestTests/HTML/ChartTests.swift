// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

@testable import LoadTest

struct ChartTests {
    private func distribution(_ values: [Int64]) -> Distribution {
        var distribution = Distribution()
        for value in values { distribution.record(value * .millisecond) }
        return distribution
    }

    private func text(_ chart: Chart?) -> String {
        var page = Markup()
        chart?.write(to: &page)
        #expect(WellFormed(page.text).fault == nil)
        return page.text
    }

    @Test func `bars hold all gaps`() {
        let gaps = distribution([20, 21, 22, 20, 420])
        let shares = GapHistogram([gaps]).shares(of: gaps)
        #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
        #expect((shares.last ?? 0) > 0.19)
        #expect(shares.count <= 80)
    }

    @Test func `stalls have the colour of what breaks, and their border is drawn`() {
        let chart = text(GapHistogram.chart([("", .one, distribution([20, 21, 22, 20, 420]))], stall: 300))
        #expect(chart.contains("fill bad"))
        #expect(chart.contains("stall 300"))
        let even = text(GapHistogram.chart([("", .one, distribution([20, 21, 22]))], stall: 300))
        #expect(!even.contains("fill bad"))
    }

    @Test func `a curve is thin where too few samples lie beyond`() {
        func curve(_ count: Int64) -> String {
            let values = distribution((1...count).map { $0 })
            return text(
                PercentileChart.chart("x", note: "", [.init(name: "a", look: .one, quantiles: Quantiles(values))])
            )
        }
        #expect(curve(100).contains("\"one thin\""))
        #expect(curve(100).contains("\"one\""))
        #expect(!curve(5).contains("\"one\""))
    }

    @Test func `there is no picture of nothing`() {
        #expect(GapHistogram.chart([("", .one, Distribution())], stall: 300) == nil)
        #expect(
            PercentileChart.chart("x", note: "", [.init(name: "a", look: .one, quantiles: Quantiles(Distribution()))])
                == nil
        )
        #expect(Waterfall([], median: 20, stall: 300).chart("x") == nil)
        #expect(TimelineCharts([.init(name: "", look: .one, columns: TimelineColumns(Timeline()))]).charts.isEmpty)
        #expect(SweepCharts(Report()).charts.isEmpty)
    }

    @Test func `a long timeline is folded, and nothing of it is lost`() {
        var timeline = Timeline()
        timeline.windows = (0..<301).map { index in
            var window = Timeline.Window()
            (window.contents, window.failed, window.streams) = (100, 1, index)
            (window.firstTokens, window.firstTokenSum, window.firstTokenMax) = (
                2, 300 * .millisecond, 200 * .millisecond
            )
            return window
        }
        let columns = TimelineColumns(timeline)
        #expect(columns.columns.count == 101)
        #expect(columns.width == 3)
        #expect(columns.columns.reduce(0) { $0 + $1.failed } == 301)
        #expect(columns.columns[0].contentRate == 100)
        #expect(columns.columns[1].streams == 5)
        #expect(columns.columns[0].firstTokenMean == 150)
        #expect(columns.columns[0].firstTokenMost == 200)
    }

    @Test func `a waterfall names what ended badly, and begins all at 0 in a long run`() {
        var sketch = StreamSketch()
        (sketch.planned, sketch.sent, sketch.end) = (900 * .second, .millisecond, .reset)
        (sketch.firstContent, sketch.lastContent) = (100 * .millisecond, .second)
        sketch.gaps = [20 * .millisecond, 500 * .millisecond]
        let chart = text(Waterfall([sketch], median: 20, stall: 300).chart("x"))
        #expect(chart.contains("reset"))
        #expect(chart.contains("shade3"))
        #expect(chart.contains("since each was planned"))
    }
}

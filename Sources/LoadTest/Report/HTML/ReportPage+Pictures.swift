// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// The run in pictures: by percentile, by time, by length of gap, by stream.
    func writePictures(to page: inout Markup) {
        write("Waits and gaps", id: "waits", charts: [firstTokens, gaps, timeWeightedGaps, histogram], to: &page)
        write("Over time", id: "time", charts: timeline, to: &page)
        write("Sample streams", id: "samples", charts: waterfalls, to: &page)
    }

    func write(_ heading: String, id: String, charts: [Chart?], to page: inout Markup) {
        let charts = charts.compactMap(\.self)
        guard !charts.isEmpty else { return }
        page.element("section", ["aria-labelledby": id]) { section in
            section.element("h2", ["id": id], heading)
            section.element("div", ["class": "charts"]) { frame in
                for chart in charts { chart.write(to: &frame) }
            }
        }
    }

    private func curves(_ metric: Metric, isTimeWeighted: Bool = false) -> [PercentileChart.Curve] {
        sides.flatMap { side in
            let name = side.name.isEmpty ? "this run" : side.name
            let ours = PercentileChart.Curve(
                name: name,
                look: side.look,
                quantiles: Quantiles(side.record[metric]),
                isTimeWeighted: isTimeWeighted
            )
            let old = side.baseline.map { old in
                PercentileChart.Curve(
                    name: side.name.isEmpty ? "baseline" : "\(side.name), baseline",
                    look: side.oldLook,
                    quantiles: Quantiles(old[metric]),
                    isTimeWeighted: isTimeWeighted
                )
            }
            return [ours] + [old].compactMap(\.self)
        }
    }

    private var firstTokens: Chart? {
        var curves = curves(.firstToken)
        if sides.count == 1, let side = sides.first {
            curves[0].name = "from the planned send"
            curves.insert(
                PercentileChart.Curve(
                    name: "from the write",
                    look: .under,
                    quantiles: Quantiles(side.record[.firstTokenFromSend])
                ),
                at: 1
            )
        }
        return PercentileChart.chart(
            "First token",
            note: sides.count == 1
                ? "Where the two part, requests waited on this side before they were sent." : "From the planned send.",
            curves
        )
    }

    private var gaps: Chart? {
        var curves = curves(.gap)
        if sides.count == 1 {
            curves[0].name = "each gap counts once"
            var weighted = self.curves(.gap, isTimeWeighted: true)[0]
            weighted.name = "weighted by length"
            weighted.look = .two
            curves.insert(weighted, at: 1)
        }
        return PercentileChart.chart(
            "Gaps",
            note: sides.count == 1
                ? "Weighted by length: what a reader meets at a random instant." : "Each counts once.",
            curves
        )
    }

    private var timeWeightedGaps: Chart? {
        guard sides.count > 1 else { return nil }
        return PercentileChart.chart(
            "Gaps, weighted by length",
            note: "What a reader meets at a random instant.",
            curves(.gap, isTimeWeighted: true)
        )
    }

    private var histogram: Chart? {
        let gaps = sides.flatMap { side in
            let name = side.name.isEmpty ? "this run" : side.name
            let old = side.baseline.map {
                (name: side.name.isEmpty ? "baseline" : "\(name), baseline", look: side.oldLook, gaps: $0[.gap])
            }
            return [(name: name, look: side.look, gaps: side.record[.gap])] + [old].compactMap(\.self)
        }
        var chart = GapHistogram.chart(gaps, stall: stall)
        chart?.isWide = sides.count == 1
        return chart
    }

    private var timeline: [Chart] {
        let runs = sides.map { side in
            TimelineCharts.Run(
                name: side.name,
                look: side.look,
                columns: TimelineColumns(side.record.timeline)
            )
        }
        return TimelineCharts(runs).charts
    }

    private var waterfalls: [Chart?] {
        sides.map { side in
            let median = Double(side.record[.gap].percentile(0.5) ?? 0) / 1e6
            return Waterfall(side.record.samples, median: median, stall: stall)
                .chart(side.name.isEmpty ? "From the planned send to the last token" : side.name)
        }
    }

    /// In ms.
    var stall: Double { max(Double(report.stall) / 1e6, 0.001) }
}

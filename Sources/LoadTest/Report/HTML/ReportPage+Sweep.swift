// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// All levels of a sweep; nothing for a single run.
    func writeSweep(to page: inout Markup) {
        guard report.runs.count > 1 else { return }
        let saturation = report.saturation
        page.element("section", ["aria-labelledby": "sweep"]) { section in
            section.element("h2", ["id": "sweep"], "The sweep")
            section.element("div", ["class": "charts"]) { frame in
                for chart in SweepCharts(report).charts { chart.write(to: &frame) }
            }
            section.element("div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Levels"]) {
                frame in
                frame.element("table", ["class": "figures"]) { table in
                    table.element("caption", "Levels")
                    Self.writeHead(
                        [
                            "load", "verdict", "completed", "failed", "ttft p50, ms", "ttft p99, ms", "gap p50, ms",
                            "gap p99, ms", "tokens/s",
                        ],
                        to: &table
                    )
                    table.element("tbody") { body in
                        for (level, run) in report.runs.prefix(60).enumerated() {
                            let isTooMuch = level >= saturation?.level ?? .max
                            for index in run.record.targets.prefix(2).indices {
                                write(run, target: index, isTooMuch: isTooMuch, to: &body)
                            }
                        }
                    }
                }
            }
        }
    }

    /// How the sweep ended, and which of its levels the page is about.
    var sweepWords: String {
        let bound = report.runs.count { $0.verdict.level == .clientBound }
        let end =
            report.saturation.map { "Saturated at \(name(of: report.runs[$0.level])): \($0.reason)." }
            ?? "No level of the sweep was too much."
        let shown = run.map { " This verdict, and all below the sweep, is of \(name(of: $0))." } ?? ""
        return end + shown + (bound > 0 ? " Client-bound levels, which measure the client: \(bound)." : "")
    }

    private func name(of run: Report.Run) -> String { PageWords.clipped(run.load, to: 100) }

    private func write(_ run: Report.Run, target: Int, isTooMuch: Bool, to body: inout Markup) {
        let record = run.record.targets[target]
        body.element("tr", ["class": isTooMuch ? "saturated" : ""]) { row in
            let side = run.record.targets.count > 1 ? (target == 0 ? " A" : " B") : ""
            row.element("th", ["scope": "row"], name(of: run) + side)
            row.element("td", run.verdict.level.name)
            row.element("td", Figure.count(record.completed))
            row.element("td", ["class": record.failed > 0 ? "bad" : ""], Figure.count(record.failed))
            for metric in [Metric.firstToken, .gap] {
                row.element("td", Self.text(.percentile(0.5), of: record[metric], metric))
                row.element("td", Self.text(.percentile(0.99), of: record[metric], metric))
            }
            row.element("td", Figure.short(record.contentsPerSecond))
        }
    }
}

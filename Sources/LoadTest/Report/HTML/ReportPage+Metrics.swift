// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// All that was measured, a table for each target.
    func writeMetrics(to page: inout Markup) {
        page.element("section", ["aria-labelledby": "metrics"]) { section in
            section.element("h2", ["id": "metrics"], "Figures")
            for side in sides { Self.writeMetrics(of: side, to: &section) }
        }
    }

    private static func writeMetrics(of side: Side, to page: inout Markup) {
        let old = side.baseline
        let deltas: [Statistic] = old == nil ? [] : [.percentile(0.5), .percentile(0.99)]
        page.element(
            "div",
            ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Figures \(side.name)"]
        ) { frame in
            frame.element("table", ["class": "figures"]) { table in
                table.element("caption", caption(of: side))
                let names = Statistic.columns.map(\.name) + deltas.map { "Δ \($0.name)" }
                writeHead(["metric", ""] + names, to: &table)
                table.element("tbody") { body in
                    for metric in Metric.allCases where !side.record[metric].isEmpty {
                        let ours = side.record[metric]
                        body.element("tr") { row in
                            writeName(of: metric, to: &row)
                            for statistic in Statistic.columns {
                                row.element("td", text(statistic, of: ours, metric))
                            }
                            for statistic in deltas {
                                writeChange(of: metric, statistic, from: old?[metric] ?? Distribution(), to: ours, &row)
                            }
                        }
                    }
                }
            }
        }
    }

    private static func caption(of side: Side) -> String {
        let against = side.baseline == nil ? "" : "; Δ is the change since the baseline"
        return (side.name.isEmpty ? "From the planned send" : "\(side.name): from the planned send")
            + ", and with _send from the write of the request\(against)"
    }

    /// - Parameter rows: That the name stands for.
    static func writeName(of metric: Metric, rows: Int = 1, to row: inout Markup) {
        let isAlone = rows == 1
        row.element("th", isAlone ? ["scope": "row"] : ["scope": "rowgroup", "rowspan": "\(rows)"]) { name in
            name.element("code", metric.rawValue)
            name.write(" ")
            name.element("small", metric.words)
        }
        row.element("td", isAlone ? ["class": "unit"] : ["class": "unit", "rowspan": "\(rows)"], metric.unitName)
    }

    static func text(_ statistic: Statistic, of distribution: Distribution, _ metric: Metric) -> String {
        if statistic == .count { return Figure.count(distribution.count) }
        return statistic.value(of: distribution).map { Figure.short($0 / metric.scale) } ?? Figure.none
    }

    /// A cell that says how much a figure has changed, and whether it is worth a look.
    static func writeChange(
        of metric: Metric,
        _ statistic: Statistic,
        from old: Distribution,
        to new: Distribution,
        _ row: inout Markup
    ) {
        guard let before = statistic.value(of: old), let now = statistic.value(of: new) else {
            row.element("td", ["class": "change"], Figure.none)
            return
        }
        let change = before > 0 ? (now - before) / before : 0
        let isWorse = metric.isBetterLow ? change > 0 : change < 0
        // What is less than a twentieth is most often chance.
        let look = change.magnitude < 0.05 ? "change" : isWorse ? "change worse" : "change better"
        row.element("td", ["class": look], Figure.change(from: before, to: now))
    }
}

// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// Two targets side by side; nothing for one.
    func writeDifference(to page: inout Markup) {
        guard sides.count == 2 else { return }
        let differences = TargetComparison(sides[0].record, sides[1].record).differences
        page.element("section", ["aria-labelledby": "difference"]) { section in
            section.element("h2", ["id": "difference"], "A against B")
            guard !differences.isEmpty else {
                section.element("p", "There are too few streams to tell A from B.")
                return
            }
            section.element(
                "div",
                ["class": "scroll", "tabindex": "0", "role": "region", "aria-labelledby": "difference"]
            ) { frame in
                frame.element("table", ["class": "figures"]) { table in
                    table.element(
                        "caption",
                        "Asked in turn in one run. The interval holds the difference 19 times in 20."
                    )
                    Self.writeHead(["metric", "", "", "A", "B", "B − A", "interval", "better"], to: &table)
                    table.element("tbody") { body in
                        for metric in Metric.allCases {
                            Self.write(differences.filter { $0.metric == metric }, of: metric, to: &body)
                        }
                    }
                }
            }
        }
    }

    private static func write(_ differences: [TargetComparison.Difference], of metric: Metric, to body: inout Markup) {
        func text(_ value: Double) -> String { Figure.short(value / metric.scale) }
        func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + text(value) }
        for (index, difference) in differences.enumerated() {
            body.element("tr", ["class": index == 0 ? "" : "more-of-it"]) { row in
                if index == 0 {
                    writeName(of: metric, rows: differences.count, to: &row)
                }
                row.element("td", ["class": "unit stat"], difference.statistic.name)
                row.element("td", text(difference.a))
                row.element("td", text(difference.b))
                row.element("td", signed(difference.value))
                let interval = difference.interval
                row.element("td", "\(signed(interval.lowerBound)) … \(signed(interval.upperBound))")
                if difference.isDistinguishable {
                    row.element("td", difference.favoursB ? "B" : "A")
                } else {
                    row.element("td", ["class": "change"], "not seen")
                }
            }
        }
    }
}

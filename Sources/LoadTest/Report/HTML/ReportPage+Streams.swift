// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// Where readers waited: stalls, and the streams that were worst.
    func writeStreams(to page: inout Markup) {
        page.element("section", ["aria-labelledby": "stalls"]) { section in
            section.element("h2", ["id": "stalls"], "Stalls")
            for side in sides {
                section.element("dl", ["class": "facts"]) { list in
                    if !side.name.isEmpty { Self.write("target", side.name, to: &list) }
                    for (term, value) in stalls(of: side.record) { Self.write(term, value, to: &list) }
                }
                writeWorst(of: side, to: &section)
            }
        }
    }

    private func stalls(of record: TargetRecord) -> [(String, String)] {
        let stalls = record[.stall]
        let perThousand = record.contents > 0 ? Double(stalls.count) / Double(record.contents) * 1e3 : 0
        var facts = [
            (
                "gaps above \(Figure.time(report.stall))",
                "\(Figure.count(stalls.count)), \(Figure.short(perThousand)) per 1,000 tokens"
            ),
            (
                "streams with one",
                "\(Figure.count(record.stalledStreams)) of \(Figure.count(record.streamsWithContent)), "
                    + Figure.share(record.stalledStreamShare)
            ),
            ("their part of the time between tokens", Figure.share(record.stalledTimeShare)),
        ]
        if let waited = record[.rebuffer].mean, let most = record[.readerBuffer].maximum {
            let rate = Figure.short(report.readerRate)
            facts.append(
                (
                    "a reader at \(rate) tokens a second",
                    "waits \(Figure.short(waited / Metric.rebuffer.scale)) % of a stream on average; "
                        + "a buffer of \(Figure.time(most)) spares every reader every wait"
                )
            )
        }
        return facts
    }

    private func writeWorst(of side: Side, to page: inout Markup) {
        let worst = side.record.worst.prefix(5)
        guard let highest = worst.flatMap(\.gaps).max(), highest > 0 else { return }
        let label = side.name.isEmpty ? "Worst streams" : "Worst streams of \(side.name)"
        page.element("div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": label]) { frame in
            frame.element("table", ["class": "figures worst"]) { table in
                table.element("caption", "\(label); the dashed line is a stall, all rows have one scale")
                Self.writeHead(
                    ["request", "planned at, s", "first token, ms", "tokens", "longest gap, ms", "end", "gaps"],
                    to: &table
                )
                table.element("tbody") { body in
                    for sketch in worst {
                        body.element("tr") { row in
                            row.element("th", ["scope": "row"], "\(sketch.number)")
                            row.element("td", Figure.fixed(Double(sketch.planned) / 1e9, digits: 2))
                            let first =
                                sketch.firstContent > 0 ? Figure.short(Double(sketch.firstContent) / 1e6) : Figure.none
                            row.element("td", first)
                            row.element("td", Figure.count(sketch.contents))
                            row.element("td", Figure.short(Double(sketch.longestGap) / 1e6))
                            row.element("td", PageWords.end(sketch.end))
                            row.element("td") {
                                GapBars(sketch.gaps, highest: highest, stall: report.stall).write(to: &$0)
                            }
                        }
                    }
                }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// What became of what was planned.
    func writeRequests(to page: inout Markup) {
        page.element("section", ["aria-labelledby": "requests"]) { section in
            section.element("h2", ["id": "requests"], "Requests")
            section.element("div", ["class": "columns"]) { columns in
                for side in sides { Self.writeRequests(of: side, to: &columns) }
            }
        }
    }

    private static func writeRequests(of side: Side, to page: inout Markup) {
        let record = side.record
        let whole = max(record.planned, record.begun, 1)
        page.element("table", ["class": "bars"]) { table in
            table.element(
                "caption",
                side.name.isEmpty ? "From the plan to the end" : "\(side.name): from the plan to the end"
            )
            Self.writeHead(["", "requests", "share", ""], to: &table)
            table.element("tbody") { body in
                writeRow("planned", record.planned, of: whole, "faint", to: &body)
                writeRow("sent", record.begun, of: whole, "faint", to: &body)
                writeRow("completed", record.completed, of: whole, side.look.rawValue, to: &body)
                if record.cut > 0 { writeRow("cut at the end of the run", record.cut, of: whole, "faint", to: &body) }
                writeRow("failed", record.failed, of: whole, "bad", to: &body)
                for end in StreamEnd.allCases where end.isFailure {
                    guard let count = record.ends[end], count > 0 else { continue }
                    writeRow(end.words, count, of: whole, "bad", level: 1, to: &body)
                    if end == .status { writeStatuses(record, of: whole, to: &body) }
                }
                if record.endlessBodies > 0 {
                    writeRow(
                        "whole answers whose body never ended",
                        record.endlessBodies,
                        of: whole,
                        "faint",
                        to: &body
                    )
                }
            }
        }
    }

    private static func writeStatuses(_ record: TargetRecord, of whole: Int, to body: inout Markup) {
        for (status, count) in record.statuses.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(6) {
            writeRow("HTTP \(status)", count, of: whole, "bad", level: 2, to: &body)
        }
    }

    private static func writeRow(
        _ name: String,
        _ count: Int,
        of whole: Int,
        _ look: String,
        level: Int = 0,
        to body: inout Markup
    ) {
        let share = min(max(Double(count) / Double(whole), 0), 1)
        body.element("tr", ["class": ["", "detail", "detail deep"][min(level, 2)]]) { row in
            row.element("th", ["scope": "row"], name)
            row.element("td", Figure.count(count))
            row.element("td", Figure.share(share))
            row.element("td", ["class": "bar"]) { cell in
                cell.element("svg", ["aria-hidden": "true", "width": "100%", "height": "10"]) { svg in
                    let wide = count > 0 ? PageNumbers.coordinate(max(share * 100, 0.3)) : "0"
                    svg.empty("rect", ["class": "fill \(look)", "width": "\(wide)%", "height": "10"])
                }
            }
        }
    }

    static func writeHead(_ names: [String], to table: inout Markup) {
        table.element("thead") { head in
            head.element("tr") { row in
                for name in names {
                    if name.isEmpty { row.element("td", "") } else { row.element("th", ["scope": "col"], name) }
                }
            }
        }
    }
}

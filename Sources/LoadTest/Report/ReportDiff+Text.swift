// SPDX-License-Identifier: Apache-2.0

extension ReportDiff {
    /// For a terminal, with a line end behind each line. The first line says what has come of it.
    /// - Parameter isTerminal: Colours are understood.
    public func text(isTerminal: Bool) -> String {
        var lines = [isTerminal ? "\u{1B}[\(hasWorsened ? 31 : 32)m\(headline)\u{1B}[0m" : headline]
        for warning in warnings {
            for (index, line) in warning.printable.wrapped(width: ReportText.width - 12).enumerated() {
                lines.append("  \(index == 0 ? "warning:" : "        ") \(line)")
            }
        }
        for section in sections {
            lines += ["", "  \(section.title.printable)", ""]
            lines += section.lines
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        if sections.isEmpty { return "nothing to compare: the reports have no run in common" }
        let changes: [(Change, String)] = [(.worse, "worse"), (.mixed, "better and worse"), (.better, "better")]
        let parts = changes.compactMap { change, words -> String? in
            let rows = sections.flatMap(\.rows).filter { $0.change == change }
            guard !rows.isEmpty else { return nil }
            // A sweep names a metric once, not at each level.
            let names = Metric.allCases.filter { metric in rows.contains { $0.metric == metric } }
            return "\(words): \(names.map(\.rawValue).joined(separator: ", "))"
        }
        return parts.isEmpty ? "same: no difference beyond noise" : parts.joined(separator: "; ")
    }
}

extension ReportDiff.Section {
    fileprivate var lines: [String] {
        var table = TextTable()
        table.add(["", "p50", "then", "change", "p99", "then", "change", "mean", "then", "change", ""])
        for row in rows {
            let figures = [row.p50, row.p99, row.mean].flatMap { pair in
                [
                    pair.before.map(Figure.short) ?? Figure.none, pair.after.map(Figure.short) ?? Figure.none,
                    pair.change,
                ]
            }
            let unit = row.metric.unitName == "ms" ? "" : ", \(row.metric.unitName)"
            table.add([row.metric.rawValue + unit] + figures + [row.change.rawValue])
        }
        func shares(_ name: String, _ pair: ReportDiff.Pair) -> String {
            "  \(name) \(Figure.share(pair.before ?? 0)), then \(Figure.share(pair.after ?? 0))"
        }
        let rate =
            "  tokens a second \(Figure.short(tokensPerSecond.before ?? 0)), "
            + "then \(Figure.short(tokensPerSecond.after ?? 0)) (\(tokensPerSecond.change))"
        return table.lines() + [
            "", rate, shares("failed requests", errors), shares("streams with a stall", stalledStreams),
        ]
    }
}

extension ReportDiff.Pair {
    fileprivate var change: String {
        guard let before, let after else { return Figure.none }
        return Figure.change(from: before, to: after)
    }
}

// SPDX-License-Identifier: Apache-2.0

extension ReportDiff {
    /// For a terminal, with a line end behind each line. The first line says what has come of it.
    /// - Parameters:
    ///   - isTerminal: Colours are understood.
    ///   - names: Of the two reports, as their reader knows them.
    public func text(isTerminal: Bool, names: (old: String, new: String)? = nil) -> String {
        var lines = [isTerminal ? "\u{1B}[\(hasWorsened ? 31 : 32)m\(headline)\u{1B}[0m" : headline]
        if let names { lines.append("  first \(names.old.printable), then \(names.new.printable)") }
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
            let names = names(of: change)
            return names.isEmpty ? nil : "\(words): \(names.joined(separator: ", "))"
        }
        return parts.isEmpty ? "same: no difference beyond noise" : parts.joined(separator: "; ")
    }
}

extension ReportDiff.Section {
    fileprivate var lines: [String] {
        var table = TextTable(words: [0, 10])
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
        let rate =
            "  tokens a second \(Figure.short(tokensPerSecond.before ?? 0)), "
            + "then \(Figure.short(tokensPerSecond.after ?? 0)) (\(tokensPerSecond.change))"
        let shares = [failedRequests, stalledStreams].map { row in
            let figures = [row.shares.before, row.shares.after].map { $0.map(Figure.share) ?? Figure.none }
            return "  \(row.name) \(figures.joined(separator: ", then ")): \(row.change.rawValue)"
        }
        return table.lines() + ["", rate] + shares
    }
}

extension ReportDiff.Pair {
    fileprivate var change: String {
        guard let before, let after else { return Figure.none }
        return Figure.change(from: before, to: after)
    }
}

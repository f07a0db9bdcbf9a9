// SPDX-License-Identifier: Apache-2.0

extension ReportText {
    /// How the text flowed: its speed, its stalls, and how far reads blur them.
    mutating func addTexture(_ target: TargetRecord, prefix: String) {
        addFact("\(prefix)tokens", tokens(target))
        if target.contents > 0 { addFact("\(prefix)stalls", stalls(target)) }
        if target.sharedReads > 0 {
            let share = target.sharedReadShare
            let text = "\(Figure.share(share)) of the reads brought several tokens, which share one time"
            let isBlurred = share > 0.01
            addFact("\(prefix)reads", isBlurred ? "\(text): gaps are blurred" : text, isBlurred ? .yellow : nil)
        }
    }

    /// One user in ten is slower than p10.
    private func tokens(_ target: TargetRecord) -> String {
        var text = "\(Figure.short(target.contentsPerSecond)) a second in all"
        let rates = target[.tokenRate]
        if rates.count > 0 {
            let users = [Statistic.percentile(0.5), .percentile(0.1), .least].compactMap { statistic in
                statistic.value(of: rates).map { "\(Figure.short($0 / Metric.tokenRate.scale)) (\(statistic.name))" }
            }
            text += "; a user \(users.joined(separator: ", "))"
        }
        text += "; \(Figure.count(target.contents)) events with content"
        if target.streamsWithTokens > 0 {
            let streams = Figure.count(target.streamsWithTokens)
            text += "; by the server's count \(Figure.count(target.tokens)) tokens in \(streams) streams"
        }
        return text
    }

    private func stalls(_ target: TargetRecord) -> String {
        let limit = Figure.time(report.stall)
        let count = target[.stall].count
        guard count > 0 else { return "no gap over \(limit)" }
        let gaps = count == 1 ? "1 gap" : "\(Figure.count(count)) gaps"
        return "\(gaps) over \(limit), in \(Figure.share(target.stalledStreamShare)) of the streams, "
            + "\(Figure.share(target.stalledTimeShare)) of the time"
    }

    /// Objectives and assertions.
    mutating func addJudgement(_ run: Report.Run) {
        if let goodput = run.goodput {
            let share = goodput.of > 0 ? " (\(Figure.share(Double(goodput.met) / Double(goodput.of))))" : ""
            addFact(
                "goodput",
                "\(Figure.count(goodput.met)) of \(Figure.count(goodput.of)) streams\(share) met "
                    + "\(goodput.objectives); \(Figure.short(goodput.perSecond)) a second"
            )
        }
        for (index, result) in run.assertions.enumerated() {
            let measured = result.measured.map { value in
                [Figure.short(value), result.unit].filter { !$0.isEmpty }.joined(separator: " ")
            }
            let facts = [measured, result.note].compactMap(\.self).joined(separator: ", ")
            let text = "\(result.holds ? "holds " : "MISSED") \(result.text)\(facts.isEmpty ? "" : ": \(facts)")"
            addFact(index == 0 ? "assertions" : "", text, result.holds ? nil : .red)
        }
    }

    /// The streams with the longest gaps, drawn to one scale.
    mutating func addWorst(_ target: TargetRecord, of name: String) {
        let worst = target.worst.prefix(5)
        guard let highest = worst.map(\.longestGap).max(), highest > 0 else { return }
        addLine()
        addLine(
            "  longest gaps\(name), each mark the longest of its part of a stream; a full one is \(Figure.time(highest))"
        )
        var table = TextTable(words: [0, 1, 3, 5])
        for stream in worst {
            let space = String(repeating: " ", count: max(32 - stream.gaps.count, 0))
            table.add([
                "#\(stream.number)", Sparkline.text(stream.gaps, highest: highest) + space,
                Figure.time(stream.longestGap),
                "first token \(Figure.time(stream.firstContent))", "\(Figure.count(stream.contents)) tokens",
                stream.end == .complete ? "" : stream.end.words,
            ])
        }
        add(table)
    }
}

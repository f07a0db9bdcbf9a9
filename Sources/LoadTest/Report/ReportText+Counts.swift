// SPDX-License-Identifier: Apache-2.0

extension ReportText {
    /// What became of the requests.
    mutating func addCounts(_ run: Report.Run) {
        addLine()
        for (index, target) in run.record.targets.enumerated() {
            let prefix = run.record.targets.count > 1 ? "\(Report.targetNames[min(index, 1)]) " : ""
            addFact("\(prefix)requests", counts(target))
            if target.failed > 0 {
                addFact("\(prefix)failed", "\(Figure.share(target.errorShare)): \(errors(target))", .red)
            }
            if target.reading.disagreements > 0 {
                let reading = target.reading
                addFact(
                    "\(prefix)reading",
                    "\(Figure.count(reading.disagreements)) of \(Figure.count(reading.proven)) proven events were not "
                        + "what the template took them for: these figures are doubtful",
                    .yellow
                )
            }
        }
        let rate = Figure.short(run.achievedRate)
        if run.isClosedLoop {
            let peak = run.record.targets.reduce(0) { $0 + $1.peakStreams }
            let users = Figure.count(run.level.flatMap { Int(exactly: $0) } ?? peak)
            addFact(
                "rate",
                "closed loop: latencies describe \(users) patient users; they began \(rate) requests a second"
            )
        } else if let level = run.level {
            addFact("rate", "planned \(Figure.short(level)) requests a second, began \(rate)")
        } else {
            addFact("rate", "\(rate) requests a second began")
        }
    }

    private func counts(_ target: TargetRecord) -> String {
        var text = [
            "planned \(Figure.count(target.planned))", "sent \(Figure.count(target.begun))",
            "completed \(Figure.count(target.completed))", "failed \(Figure.count(target.failed))",
            "cut \(Figure.count(target.cut))",
        ].joined(separator: ", ")
        if target.peakStreams > 0 { text += "; at most \(Figure.count(target.peakStreams)) streams at once" }
        if target.reusedConnections > 0 {
            text +=
                "; \(Figure.count(target.connections)) connections, used again "
                + "\(Figure.count(target.reusedConnections)) times"
        }
        return text
    }

    /// The most frequent kind first.
    private func errors(_ target: TargetRecord) -> String {
        var kinds: [(count: Int, words: String)] = []
        for end in StreamEnd.allCases where end.isFailure {
            guard let count = target.ends[end], count > 0 else { continue }
            guard end == .status, !target.statuses.isEmpty else {
                kinds.append((count, end.words))
                continue
            }
            for (status, count) in target.statuses.sorted(by: { $0.key < $1.key }) {
                kinds.append((count, "with status \(status)"))
            }
        }
        // A stable order: sorting alone may swap equal counts.
        return kinds.enumerated()
            .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            .map { "\(Figure.count($0.element.count)) \($0.element.words)" }
            .joined(separator: ", ")
    }
}

// SPDX-License-Identifier: Apache-2.0

extension ReportText {
    /// What became of the requests.
    mutating func addCounts(_ run: Report.Run) {
        addLine()
        for (index, target) in run.record.targets.enumerated() {
            let prefix = run.record.targets.count > 1 ? "\(Report.targetNames[min(index, 1)]) " : ""
            addFact("\(prefix)requests", counts(target))
            addFact("\(prefix)streams", streams(target))
            if target.failed > 0 {
                addFact("\(prefix)failed", "\(Figure.share(target.errorShare)): \(errors(target))", .red)
            }
            if target.endlessBodies > 0 {
                let count = Figure.count(target.endlessBodies)
                addFact(
                    "\(prefix)endless",
                    "\(count) told the end of the answer, and their bodies never ended",
                    .yellow
                )
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
            let peak = run.record.targets.reduce(0) { $0 &+ $1.peakStreams }
            let users = Figure.count(run.level.flatMap { Int(exactly: $0) } ?? peak)
            addFact(
                "rate",
                "closed loop: latencies describe \(users) patient users; they began \(rate) requests a second"
            )
        } else if let level = run.level {
            addFact("rate", "planned \(Figure.short(level)) requests a second, began \(rate)")
        } else {
            addFact("rate", "began \(rate) requests a second")
        }
    }

    /// How well this client kept up.
    mutating func addClient(_ signals: TrustSignals) {
        guard signals.wallSeconds > 0 else { return }
        var facts: [String] = []
        if let delay = Statistic.percentile(0.99).value(of: signals.kernelToUser) {
            facts.append("reads p99 \(Figure.short(delay / 1e6)) ms behind the kernel")
        }
        if let lag = Statistic.percentile(0.99).value(of: signals.loopLag) {
            facts.append("reads p99 \(Figure.short(lag / 1e6)) ms in line, stamped by the client")
        }
        if let lag = Statistic.percentile(0.99).value(of: signals.sendLag) {
            facts.append("sends p99 \(Figure.short(lag / 1e6)) ms late")
        }
        facts.append("busy \(Figure.share(signals.cpuSeconds / signals.wallSeconds)) of the time")
        addFact("client", facts.joined(separator: ", "))
    }

    private func counts(_ target: TargetRecord) -> String {
        let counts = [
            ("planned", target.planned), ("sent", target.begun), ("completed", target.completed),
            ("failed", target.failed), ("cut", target.cut),
        ]
        return counts.map { "\($0) \(Figure.count($1))" }.joined(separator: ", ")
    }

    private func streams(_ target: TargetRecord) -> String {
        let text =
            "at most \(Figure.count(target.peakStreams)) at once, \(Figure.count(target.connections)) connections"
        return target.reusedConnections == 0
            ? text : "\(text), used again \(Figure.count(target.reusedConnections)) times"
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

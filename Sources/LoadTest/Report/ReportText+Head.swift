// SPDX-License-Identifier: Apache-2.0

internal import WireFormats

extension ReportText {
    /// The worst verdict of all runs. Of a sweep, with the load that it is of.
    mutating func addHeadline() {
        guard let worst = report.runs.max(by: { $0.verdict.level.rank < $1.verdict.level.rank }) else {
            addLine("no run: nothing was measured", .red)
            return
        }
        let level = worst.verdict.level
        let place = report.runs.count > 1 && level != .trusted ? " (at \(worst.load))" : ""
        let headline = level == .trusted ? "trusted: this client kept up with the load" : worst.verdict.headline + place
        let ink: Ink = level == .trusted ? .green : level == .degraded ? .yellow : .red
        for line in headline.printable.wrapped(width: Self.width) { addLine(line, ink) }
        if level == .clientBound { addLine("these figures measure the client, not the server", ink) }
        if report.runs.contains(where: \.record.wasInterrupted) {
            addLine("interrupted: the figures are those of the part before", .yellow)
        }
    }

    /// What was asked, of whom, and where.
    mutating func addOrigin() {
        addLine()
        if report.runs.count == 1, let run = report.runs.first { addFact("load", run.load) }
        let formats = report.runs.first?.record.targets.map(\.format) ?? []
        for (index, url) in report.urls.enumerated() {
            let name = report.urls.count > 1 ? "target \(Report.targetNames[min(index, 1)])" : "target"
            let format = index < formats.count ? formats[index]?.rawValue : nil
            addFact(name, url + (format.map { " (\($0))" } ?? ""))
        }
        var engine = ["\(report.engine), seed \(report.seed)"]
        if report.runs.count == 1, let run = report.runs.first {
            if run.scheduleHash != 0 { engine.append("schedule \(run.scheduleHash.hexadecimal)") }
            let processes = run.record.signals.processes
            engine.append(processes == 1 ? "1 process" : "\(processes) processes")
        }
        addFact("engine", engine.joined(separator: ", "))
        addFact("machine", machine)
        if report.began > 0 {
            let began = RFC3339.text(unixNanoseconds: Int64(report.began) &* 1_000_000_000, fractionDigits: 0)
            let seconds = report.runs.flatMap(\.record.targets).map(\.seconds).max() ?? 0
            addFact("began", "\(began), \(report.runs.count > 1 ? "at most " : "")\(Figure.short(seconds)) s measured")
        }
        if let calibration = report.calibration { addFact("calibrated", calibration) }
        if let failure = report.failure { addFact("not run", failure, .red) }
    }

    private var machine: String {
        let machine = report.machine
        let cores = machine.cores == 0 ? "" : machine.cores == 1 ? "1 core" : "\(machine.cores) cores"
        let version = machine.typebar.isEmpty ? "" : "typebar \(machine.typebar)"
        let parts = [machine.processor, cores, machine.kernel, version].filter { !$0.isEmpty }
        return parts.isEmpty ? "unknown" : parts.joined(separator: ", ")
    }
}

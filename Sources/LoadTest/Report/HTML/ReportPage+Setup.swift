// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// All that it takes to do the same again.
    func writeSetup(to page: inout Markup) {
        page.element("section", ["aria-labelledby": "asked"]) { section in
            section.element("h2", ["id": "asked"], "What was asked")
            section.element("dl", ["class": "facts two"]) { list in
                if let run {
                    Self.write("load", PageWords.clipped(run.load), to: &list)
                    Self.write("schedule", "\(run.scheduleHash.hexadecimal), seed \(report.seed)", to: &list)
                }
                for (index, url) in report.urls.prefix(2).enumerated() {
                    let name = report.urls.count > 1 ? "target \(index == 0 ? "A" : "B")" : "target"
                    let format = index < sides.count ? sides[index].record.format?.rawValue : nil
                    let suffix = format.map { " (\($0))" } ?? ""
                    Self.write(name, PageWords.clipped(url) + suffix, to: &list)
                }
                let processes = run?.record.signals.processes ?? 1
                Self.write(
                    "engine",
                    PageWords.clipped(report.engine) + (processes > 1 ? ", \(processes) processes" : ""),
                    to: &list
                )
                if !machine.isEmpty { Self.write("machine", machine, to: &list) }
                if !report.machine.typebar.isEmpty {
                    Self.write("typebar", PageWords.clipped(report.machine.typebar), to: &list)
                }
                if let calibration = report.calibration {
                    Self.write("calibration", PageWords.clipped(calibration), to: &list)
                }
                if let baseline { Self.write("baseline", baselineWords(baseline), to: &list) }
            }
            if !report.command.isEmpty {
                section.element("pre") { pre in
                    pre.element(
                        "code",
                        PageWords.clipped(report.command.map(Self.quoted).joined(separator: " "), to: 2_000)
                    )
                }
            }
        }
    }

    private var machine: String {
        let machine = report.machine
        let cores = machine.cores > 0 ? "\(machine.cores) \(machine.cores == 1 ? "core" : "cores")" : ""
        return [machine.processor, cores, machine.kernel].filter { !$0.isEmpty }
            .map { PageWords.clipped($0, to: 200) }.joined(separator: ", ")
    }

    private func baselineWords(_ baseline: Report) -> String {
        let hashes = (run?.scheduleHash, baseline.runs.first { $0.load == run?.load }?.scheduleHash)
        let same = hashes.0 == hashes.1 ? "the same schedule" : "another schedule"
        return "\(Self.date(baseline.began)), \(same), typebar \(PageWords.clipped(baseline.machine.typebar, to: 80))"
    }

    /// As it could be typed into a shell.
    static func quoted(_ argument: String) -> String {
        let isPlain = argument.utf8.allSatisfy { $0.isLetterOrDigit || "-_./:=,@%+".utf8.contains($0) }
        if isPlain, !argument.isEmpty { return argument }
        return "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}

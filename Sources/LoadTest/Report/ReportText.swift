// SPDX-License-Identifier: Apache-2.0

/// A report as text for a terminal, at most 110 columns wide where words can be broken. Its first line is the verdict.
public struct ReportText {
    static let width = 110
    /// Lines of facts begin with the name of the fact.
    private static let nameWidth = 11

    let report: Report
    private let usesColour: Bool
    private var lines: [String] = []

    /// The whole text, with a line end behind each line.
    /// - Parameter isTerminal: Colours are understood.
    public static func text(_ report: Report, isTerminal: Bool) -> String {
        var text = ReportText(report, isTerminal: isTerminal)
        text.addHeadline()
        text.addOrigin()
        if report.runs.count > 1 { text.addSweep() }
        if let run = text.shownRun { text.add(run) }
        return text.lines.joined(separator: "\n") + "\n"
    }

    private init(_ report: Report, isTerminal: Bool) {
        self.report = report
        usesColour = isTerminal
    }

    /// The run whose figures are told in full: of a sweep the highest level below saturation.
    private var shownRun: Report.Run? { report.judgedRuns.last }

    private mutating func add(_ run: Report.Run) {
        if report.runs.count > 1 {
            addLine()
            let place = report.saturation?.level == 0 ? "the lowest level" : "the highest level that holds"
            addLine("\(run.load.printable), \(place):")
        }
        addCounts(run)
        addClient(run.record.signals)
        if run.record.targets.count == 2 {
            addComparison(run)
        } else if let target = run.record.targets.first {
            addLatencies(target)
        }
        for (index, target) in run.record.targets.enumerated() {
            addLine()
            addTexture(target, prefix: run.record.targets.count > 1 ? "\(Report.targetNames[min(index, 1)]) " : "")
        }
        addJudgement(run)
        for (index, target) in run.record.targets.enumerated() {
            addWorst(target, of: run.record.targets.count > 1 ? " of \(Report.targetNames[min(index, 1)])" : "")
        }
    }

    mutating func addLine(_ line: String = "", _ ink: Ink? = nil) {
        guard usesColour, let ink else {
            lines.append(line)
            return
        }
        lines.append("\u{1B}[\(ink.rawValue)m\(line)\u{1B}[0m")
    }

    /// A named fact, on as many lines as it takes.
    mutating func addFact(_ name: String, _ text: String, _ ink: Ink? = nil) {
        let indent = Self.nameWidth + 3
        for (index, line) in text.printable.wrapped(width: Self.width - indent).enumerated() {
            let name = index == 0 ? name : ""
            let space = String(repeating: " ", count: max(Self.nameWidth - name.count, 0) + 1)
            addLine("  \(name)\(space)\(line)", ink)
        }
    }

    mutating func add(_ table: TextTable) {
        for line in table.lines() { addLine(line) }
    }

    /// Of the terminal's own palette.
    enum Ink: Int {
        case bold = 1
        case red = 31
        case green = 32
        case yellow = 33
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

struct ReportTextTests {
    @Test func `a run is told as in the golden file`() {
        expect(MadeUpReport.closedLoop(), "closed-loop.txt")
    }

    @Test func `a sweep is told as in the golden file`() {
        expect(MadeUpReport.sweep(), "sweep.txt")
    }

    @Test func `two targets are told as in the golden file`() {
        expect(MadeUpReport.comparison(), "comparison.txt")
    }

    @Test func `the first line is the worst verdict, with all its reasons`() {
        var report = MadeUpReport.closedLoop()
        report.runs[0].verdict = Verdict(level: .clientBound, reasons: ["sends were late", "no core was free"])
        let text = ReportText.text(report, isTerminal: false)
        #expect(text.hasPrefix("client-bound: sends were late; no core was free\nthese figures measure the client"))
    }

    @Test func `no line of words is wider than 110 columns`() {
        var report = MadeUpReport.comparison()
        report.runs[0].verdict = Verdict(
            level: .degraded,
            reasons: Array(repeating: "the client waited for a core", count: 9)
        )
        for line in ReportText.text(report, isTerminal: false).split(separator: "\n") {
            #expect(line.count <= 110, "\(line)")
        }
    }

    @Test func `colours are for terminals`() {
        let report = MadeUpReport.closedLoop()
        #expect(!ReportText.text(report, isTerminal: false).contains("\u{1B}"))
        #expect(ReportText.text(report, isTerminal: true).hasPrefix("\u{1B}[32mtrusted"))
    }

    @Test func `what others say cannot steer the terminal`() {
        var report = MadeUpReport.closedLoop()
        report.urls = ["http://127.0.0.1/\u{1B}]0;owned\u{7}"]
        report.runs[0].load = "\u{9B}31m"
        let text = ReportText.text(report, isTerminal: false)
        #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" })
    }

    @Test func `a report without runs, or of runs that measured nothing, is told too`() {
        #expect(ReportText.text(Report(), isTerminal: false).hasPrefix("no run"))
        var report = Report()
        report.runs = [Report.Run(), Report.Run()]
        report.runs[0].record.targets = [TargetRecord()]
        #expect(ReportText.text(report, isTerminal: false).contains("no request succeeded"))
    }

    private func expect(_ report: Report, _ name: String, at place: SourceLocation = #_sourceLocation) {
        let actual = Array(ReportText.text(report, isTerminal: false).utf8)
        let golden = GoldenFile(name).bytes(replacedBy: actual)
        #expect(
            String(decoding: actual, as: UTF8.self) == String(decoding: golden, as: UTF8.self),
            sourceLocation: place
        )
    }
}

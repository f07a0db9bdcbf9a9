// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

struct ReportJUnitTests {
    @Test func `a suite has the verdict, the error rate and each assertion`() {
        let text = xml(MadeUpReport.closedLoop())
        #expect(text.contains("<testsuite name=\"50 streams, closed loop\" tests=\"6\" failures=\"2\""))
        #expect(text.contains("name=\"verdict\" time=\"0\"/>"))
        #expect(text.contains("name=\"gap.p50&lt;=15ms\" time=\"0\">\n      <failure message=\"measured "))
        #expect(text.contains("timestamp=\"2026-11-23T16:00:00Z\""), "\(text)")
    }

    @Test func `what makes a run fail is a failed case`() {
        var report = MadeUpReport.sweep()
        report.runs[0].verdict = Verdict(level: .clientBound, reasons: ["no core"])
        report.runs[1].record.targets[0].ends = [.refused: 1]
        report.runs[2].record.wasInterrupted = true
        let text = xml(report)
        #expect(text.contains("<testsuites name=\"typebar bench\" tests=\"9\" failures=\"3\">"))
        report.allowsClientBound = true
        #expect(xml(report).contains("failures=\"2\">"))
    }

    @Test func `any text gives well-formed XML`() {
        var dice = Dice(seed: 9)
        let alphabet = Array("<>&\"'\t\n\r\u{0}\u{1}\u{1B}\u{FFFE}]]>é😀a &amp; --".unicodeScalars)
        for _ in 0..<300 {
            func word() -> String {
                var view = String.UnicodeScalarView()
                for _ in 0..<Int.random(in: 0..<12, using: &dice) {
                    if let scalar = alphabet.randomElement(using: &dice) { view.append(scalar) }
                }
                return String(view)
            }
            var report = Report()
            report.runs = [Report.Run()]
            report.runs[0].load = word()
            report.runs[0].verdict = Verdict(level: .degraded, reasons: [word(), word()])
            report.runs[0].assertions = [
                AssertionResult(text: word(), measured: 3, holds: false, note: word()),
                AssertionResult(text: word(), measured: 3, holds: true),
            ]
            _ = xml(report)
        }
    }

    private func xml(_ report: Report, at place: SourceLocation = #_sourceLocation) -> String {
        let text = String(decoding: ReportJUnit.bytes(report), as: UTF8.self)
        #expect(XMLCheck.fault(of: text) == nil, sourceLocation: place)
        return text
    }
}

// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

@testable import LoadTest

struct ReportFileTests {
    @Test func `a report that is read is the one that was written`() throws {
        let reports = [MadeUpReport.closedLoop(), MadeUpReport.sweep(), MadeUpReport.comparison(), Report()]
        for report in reports {
            let bytes = ReportFile.bytes(report)
            let read = try ReportFile.read(bytes)
            #expect(ReportFile.bytes(read) == bytes)
            #expect(ReportText.text(read, isTerminal: false) == ReportText.text(report, isTerminal: false))
            #expect(read.outcome == report.outcome)
            #expect(read.seed == report.seed)
            // The comparisons stand apart: a failure would print all bins.
            let isSame = read.runs.map(\.record) == report.runs.map(\.record)
            #expect(isSame)
            #expect(read.runs.map(\.assertions) == report.runs.map(\.assertions))
        }
    }

    @Test func `why there was no run stands in each kind of report`() throws {
        var report = Report()
        report.failure = "no TLS with <h>:443"
        let read = try ReportFile.read(ReportFile.bytes(report))
        #expect(read.failure == report.failure)
        #expect(ReportText.text(report, isTerminal: false).contains("not run     no TLS with <h>:443"))
        #expect(ReportPage(report).html.contains("There was no run: no TLS with &lt;h&gt;:443"))
        let cases = String(decoding: ReportJUnit.bytes(report), as: UTF8.self)
        #expect(cases.contains("<failure message=\"no TLS with &lt;h&gt;:443\"/>"))
        #expect(cases.contains("<testsuites name=\"typebar bench\" tests=\"1\" failures=\"1\">"))
    }

    @Test func `bodies without an end are counted, added up and told`() throws {
        var report = MadeUpReport.closedLoop()
        #expect(!String(decoding: ReportFile.bytes(report), as: UTF8.self).contains("endless"))
        report.runs[0].record.targets[0].endlessBodies = 3
        let read = try ReportFile.read(ReportFile.bytes(report))
        var target = read.runs[0].record.targets[0]
        target.merge(target)
        #expect(target.endlessBodies == 6)
        #expect(ReportText.text(read, isTerminal: false).contains("3 told the end of the answer"))
        #expect(ReportPage(read).html.contains("whole answers whose body never ended"))
    }

    @Test func `all that a run says of itself is kept`() throws {
        var report = MadeUpReport.closedLoop()
        report.calibration = "good for 2,500 streams"
        report.allowsClientBound = true
        report.maxErrorRate = 0.05
        report.stall = 1_500_000
        report.readerRate = 12.5
        report.runs[0].verdict = Verdict(level: .degraded, reasons: ["a \"reason\"\n", "é"])
        report.runs[0].scheduleHash = .max
        report.runs[0].record.wasInterrupted = true
        report.runs[0].record.signals.processes = 4
        let read = try ReportFile.read(ReportFile.bytes(report))
        #expect(read.calibration == report.calibration)
        #expect(read.allowsClientBound)
        #expect(read.maxErrorRate == 0.05)
        #expect(read.stall == 1_500_000)
        #expect(read.readerRate == 12.5)
        #expect(read.machine == report.machine)
        #expect(read.command == report.command)
        #expect(read.runs[0].verdict == report.runs[0].verdict)
        #expect(read.runs[0].scheduleHash == .max)
        #expect(read.runs[0].goodput == report.runs[0].goodput)
        #expect(read.runs[0].record == report.runs[0].record)
    }

    @Test func `what lies between two targets is there for other tools`() throws {
        let json = try JSONReader.read(ReportFile.bytes(MadeUpReport.comparison()))
        let first = json["runs"]?.array?.first?["comparison"]?.array?.first
        #expect(first?["metric"]?.text == "ttft")
        #expect(first?["statistic"]?.text == "mean")
        let figures = ["low", "difference", "high"].compactMap { first?[$0]?.double }
        #expect(figures == figures.sorted() && figures.count == 3)
        #expect((3.7...3.8).contains(figures[1]))
    }

    @Test func `what is no report is refused with what to do`() {
        #expect(throws: ReportFileError.notAReport) { try ReportFile.read(Array("{}".utf8)) }
        #expect(throws: ReportFileError.notAReport) { try ReportFile.read(Array("[1]".utf8)) }
        #expect(throws: ReportFileError.otherSchema(2)) {
            try ReportFile.read(Array(#"{"schema":2,"tool":"typebar bench"}"#.utf8))
        }
        let error = #expect(throws: ReportFileError.self) { try ReportFile.read(Array(#"{"schema":1,"#.utf8)) }
        #expect(error?.description.contains("cut short") == true)
    }

    @Test func `damage is named by its place`() throws {
        let text = String(decoding: ReportFile.bytes(MadeUpReport.closedLoop()), as: UTF8.self)
        let cases = [
            ("\"level\":\"trusted\"", "\"level\":\"great\"", "runs[0].verdict.level"),
            ("\"met\":1150", "\"met\":-1", "runs[0].goodput.met"),
            ("\"planned\":1206", "\"planned\":\"many\"", "runs[0].targets[0].planned"),
            ("\"seed\":18446744073709551615", "\"seed\":18446744073709551616", "seed"),
        ]
        for (good, bad, path) in cases {
            #expect(text.contains(good))
            let error = #expect(throws: ReportFileError.self) {
                try ReportFile.read(Array(text.replacing(good, with: bad).utf8))
            }
            #expect(error?.description.contains("`\(path)`") == true, "\(String(describing: error))")
        }
    }

    @Test func `any damage is an error or a report`() {
        var dice = Dice(seed: 21)
        var report = Report()
        report.runs = [Report.Run()]
        report.runs[0].record.targets = [TargetRecord()]
        let bytes = ReportFile.bytes(report)
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                damaged[Int.random(in: 0..<damaged.count, using: &dice)] = UInt8.random(in: 0x20...0x7E, using: &dice)
            }
            if let read = try? ReportFile.read(damaged) { _ = ReportText.text(read, isTerminal: false) }
        }
    }
}

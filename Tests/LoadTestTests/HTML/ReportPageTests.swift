// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct ReportPageTests {
    private static let run = SimulatedLoad(seconds: 8, rate: 12).run

    /// Well-formed, within bounds, and without anything that would run or be fetched.
    private func check(_ page: ReportPage) -> WellFormed {
        let html = page.html
        let read = WellFormed(html)
        #expect(read.fault == nil)
        #expect(html.utf8.count < 300_000)
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\""))
        let dangerous: Set = [
            "script", "img", "iframe", "link", "object", "embed", "base", "form", "a", "foreignObject",
        ]
        #expect(dangerous.isDisjoint(with: read.elements))
        #expect(html.contains("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;\""))
        let pictures = read.elements.indices.filter { read.elements[$0] == "svg" }
        #expect(read.elements.count { $0 == "table" } == read.elements.count { $0 == "caption" })
        #expect(html.components("role=\"img\"") == html.components("role=\"img\"", followedBy: "><title>"))
        #expect(pictures.count < 400)
        return read
    }

    @Test func `the verdict comes first, then all the rest`() {
        var run = Self.run
        run.verdict = Verdict(level: .degraded, reasons: ["the send lag is 3 ms & more"])
        let text = check(ReportPage(SimulatedLoad.report([run]))).text
        let parts = [
            "Degraded", "the send lag is 3 ms & more", "What was asked", "Requests", "Figures", "First token",
            "How long the gaps are", "Over time", "Sample streams", "Stalls", "Goodput", "The client itself",
        ]
        var rest = text[...]
        for part in parts {
            let found = rest.firstRange(of: part)
            #expect(found != nil, "\(part)")
            if let found { rest = rest[found.upperBound...] }
        }
    }

    @Test func `what others say is shown and never obeyed`() {
        let evil = "http://h/<script>alert(1)</script>\"onload='x'&\u{0}\u{202E}"
        var report = SimulatedLoad.report([Self.run], urls: [evil])
        report.command = ["typebar", evil]
        report.machine.processor = evil
        report.calibration = evil
        report.engine = evil
        report.runs[0].load = evil
        report.runs[0].verdict = Verdict(level: .clientBound, reasons: [evil])
        report.runs[0].goodput?.objectives = evil
        report.runs[0].assertions = [AssertionResult(text: evil, measured: nil, holds: false, note: evil)]
        let page = ReportPage(report, baseline: report)
        let read = check(page)
        #expect(!page.html.contains("<script"))
        #expect(!page.html.contains("\u{202E}"))
        #expect(read.text.contains("<script>alert(1)</script>"))
    }

    @Test func `a run in which nothing was measured says so`() {
        var run = Report.Run()
        var record = TargetRecord()
        (record.planned, record.begun, record.ends, record.statuses) = (600, 600, [.status: 600], [503: 600])
        run.record.targets = [record]
        let text = check(ReportPage(SimulatedLoad.report([run]))).text
        #expect(text.contains("Nothing was measured"))
        #expect(text.contains("HTTP 503"))
        #expect(!text.contains("Over time"))
    }

    @Test func `a report without a run is a page too`() {
        #expect(check(ReportPage(Report())).text.contains("The report holds no run"))
    }

    @Test func `one sample makes no percentile, and a page`() {
        var run = Report.Run()
        var record = TargetRecord()
        (record.planned, record.begun, record.ends, record.contents) = (1, 1, [.complete: 1], 2)
        for metric in Metric.allCases { record[metric].record(20 * .millisecond) }
        run.record.targets = [record]
        let text = check(ReportPage(SimulatedLoad.report([run]))).text
        #expect(text.contains("mean; max 20.0"))
        #expect(text.contains(Figure.none))
    }

    @Test func `two targets are compared, in two colours`() {
        var run = Self.run
        run.record.targets.append(SimulatedLoad(seconds: 8, rate: 12, firstToken: 260, seed: 2).record)
        let page = ReportPage(SimulatedLoad.report([run], urls: ["http://a/", "http://b/"]))
        let text = check(page).text
        #expect(text.contains("A against B"))
        #expect(text.contains("http://b/"))
        #expect(page.html.contains("class=\"two\""))
    }

    @Test func `a baseline is a dashed line and a column`() {
        let old = SimulatedLoad.report([SimulatedLoad(seconds: 8, rate: 12, firstToken: 120, seed: 2).run])
        let page = ReportPage(SimulatedLoad.report([Self.run]), baseline: old)
        let text = check(page).text
        #expect(text.contains("Δ p50"))
        #expect(page.html.contains("one base"))
        #expect(page.html.contains("change worse"))
    }

    @Test func `a sweep shows its levels, and details of the last one that was borne`() {
        var runs = [5.0, 10, 15].map { SimulatedLoad(seconds: 5, rate: $0, failures: 0).run }
        for index in runs.indices { runs[index].load = "level \(index)" }
        runs[2].verdict = Verdict(level: .clientBound, reasons: ["no processor left"])
        let page = ReportPage(SimulatedLoad.report(runs))
        let text = check(page).text
        #expect(page.run?.load == "level 1")
        #expect(text.contains("The sweep"))
        #expect(text.contains("Saturated at level 2"))
        #expect(!text.contains("no processor left"))
    }

    @Test func `missed assertions are told at the top`() throws {
        var run = Self.run
        run.assertions = [
            AssertionResult(text: "ttft.p99<1ms", measured: 300, holds: false),
            AssertionResult(text: "gap.p50<1s", measured: 22, holds: true),
        ]
        let text = check(ReportPage(SimulatedLoad.report([run]))).text
        let top = try #require(text.firstRange(of: "What was asked"))
        #expect(text[..<top.lowerBound].contains("1 missed"))
        #expect(text.contains("✕ missed"))
    }

    @Test func `numbers that make no sense make a page all the same`() {
        var dice = Dice(seed: 8)
        for _ in 0..<20 {
            func any() -> Int64 { [0, -1, .max / 4, .min / 4, 5, 1 << 40][Int.random(in: 0..<6, using: &dice)] }
            var report = SimulatedLoad.report([Self.run])
            var record = TargetRecord()
            for metric in Metric.allCases { for _ in 0..<3 { record[metric].record(any()) } }
            (record.planned, record.begun, record.contents) = (Int(any()), Int(any()), Int(any()))
            (record.seconds, record.stalledStreams) = (
                [.nan, .infinity, -1, 0].randomElement(using: &dice) ?? 0, Int(any())
            )
            var sketch = StreamSketch()
            (sketch.planned, sketch.sent, sketch.firstContent) = (any(), any(), any())
            (sketch.lastContent, sketch.longestGap, sketch.gaps) = (any(), any(), [any(), any()])
            (record.samples, record.worst) = (Array(repeating: sketch, count: 90), [sketch])
            var window = Timeline.Window()
            (window.firstTokens, window.firstTokenSum, window.contents) = (Int(any()), any(), Int(any()))
            (window.longestGap, window.streams, window.failed) = (any(), Int(any()), Int(any()))
            record.timeline.windows = Array(repeating: window, count: 1_000)
            record.timeline.width = any()
            (report.began, report.stall, report.readerRate) = (Int(any()), any(), .nan)
            report.runs[0].record.targets = [record, record]
            report.runs[0].record.signals.wallSeconds = .nan
            report.runs[0].goodput = Goodput(objectives: "", met: Int(any()), of: Int(any()), perSecond: .nan)
            _ = check(ReportPage(report, baseline: report))
        }
    }

    @Test func `dates are told in UTC`() {
        #expect(ReportPage.date(1_700_000_000) == "2023-11-14 22:13:20 UTC")
        #expect(ReportPage.date(.max) == "at an unknown time")
        #expect(ReportPage.date(0) == "at an unknown time")
    }

    @Test func `a command is shown as it could be typed`() {
        #expect(ReportPage.quoted("--rate=5") == "--rate=5")
        #expect(ReportPage.quoted("it's <b>") == "'it'\\''s <b>'")
        #expect(ReportPage.quoted("") == "''")
    }
}

extension String {
    /// How often `part` occurs, and where given, right before `next` up to its tag's end.
    fileprivate func components(_ part: String, followedBy next: String? = nil) -> Int {
        ranges(of: part).count { range in
            guard let next else { return true }
            guard let end = self[range.upperBound...].firstIndex(of: ">") else { return false }
            return self[end...].hasPrefix(next)
        }
    }
}

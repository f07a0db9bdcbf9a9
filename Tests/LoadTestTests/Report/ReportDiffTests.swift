// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

struct ReportDiffTests {
    @Test func `equal reports are the same`() {
        let report = MadeUpReport.closedLoop()
        let diff = ReportDiff(from: report, to: report)
        #expect(diff.warnings.isEmpty)
        #expect(diff.sections.count == 1)
        #expect(diff.sections.allSatisfy { $0.rows.allSatisfy { $0.change == .same } })
        #expect(!diff.hasWorsened)
        #expect(diff.text(isTerminal: false).hasPrefix("same: no difference beyond noise\n"))
    }

    @Test func `a slower first token is worse, and the way back is better`() {
        let (old, new) = (MadeUpReport.closedLoop(), slower())
        #expect(change(.firstToken, from: old, to: new) == .worse)
        #expect(change(.firstToken, from: new, to: old) == .better)
        #expect(change(.gap, from: old, to: new) == .same)
        #expect(ReportDiff(from: old, to: new).hasWorsened)
    }

    @Test func `more tokens a second of a user are better`() {
        let old = MadeUpReport.closedLoop()
        var new = old
        new.runs[0].record.targets[0][.tokenRate] = Distribution()
        for _ in 0..<1000 { new.runs[0].record.targets[0][.tokenRate].record(90_000_000) }
        #expect(change(.tokenRate, from: old, to: new) == .better)
    }

    @Test func `what is certain and tiny does not matter`() {
        let old = MadeUpReport.closedLoop()
        var new = old
        for (index, time) in [100_000_000, 100_900_000].enumerated() {
            var distribution = Distribution()
            for _ in 0..<1000 { distribution.record(Int64(time)) }
            if index == 0 {
                new.runs[0].record.targets[0][.close] = distribution
            } else {
                var other = new
                other.runs[0].record.targets[0][.close] = distribution
                #expect(change(.close, from: new, to: other) == .slight)
            }
        }
    }

    @Test func `what a busy moment changes is no difference`() {
        func report(ttfb: Int64, longestGap: Int64, gap: Int64) -> Report {
            var target = TargetRecord()
            target.streamsWithContent = 1000
            for _ in 0..<1000 {
                target.record(.firstByte, ttfb)
                target.record(.longestGap, longestGap)
                target.record(.gap, gap)
            }
            var run = Report.Run()
            run.record.targets = [target]
            var report = Report()
            report.runs = [run]
            return report
        }
        let before = report(ttfb: 80_000, longestGap: 20_000_000, gap: 20_000_000)
        let noise = ReportDiff(from: before, to: report(ttfb: 160_000, longestGap: 24_000_000, gap: 20_100_000))
        #expect(noise.names(of: .slight) == ["ttfb", "gap", "max_gap"])
        #expect(!noise.hasWorsened)
        let more = ReportDiff(from: before, to: report(ttfb: 700_000, longestGap: 26_000_000, gap: 20_500_000))
        #expect(more.names(of: .worse) == ["ttfb", "gap", "max_gap"])
    }

    @Test func `more failures than chance brings are worse, a few more are not`() {
        let old = MadeUpReport.closedLoop()
        var new = old
        new.runs[0].record.targets[0].ends[.reset] = 6
        #expect(!ReportDiff(from: old, to: new).hasWorsened)
        new.runs[0].record.targets[0].ends[.reset] = 60
        new.runs[0].record.targets[0].stalledStreams = 100
        let text = ReportDiff(from: old, to: new).text(isTerminal: false, names: (old: "the baseline", new: "now"))
        #expect(text.hasPrefix("worse: failed requests, streams with a stall\n  first the baseline, then now\n"))
    }

    @Test func `what makes a comparison doubtful is said`() {
        let old = MadeUpReport.closedLoop()
        var new = old
        new.machine.cores = 64
        new.urls = ["http://elsewhere/"]
        new.runs[0].scheduleHash = 7
        new.runs[0].verdict.level = .degraded
        new.runs[0].record.wasInterrupted = true
        let text = ReportDiff(from: old, to: new).text(isTerminal: false)
        for words in ["number of cores", "the url", "--seed", "the second is degraded", "the second was interrupted"] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test func `runs of a sweep are found by their load`() {
        let old = MadeUpReport.sweep()
        var new = old
        new.runs.removeFirst()
        new.runs[2].load = "Poisson, 401 a second"
        let diff = ReportDiff(from: old, to: new)
        #expect(diff.sections.map(\.title) == ["Poisson, 100 a second", "Poisson, 200 a second"])
        #expect(diff.warnings.contains("the first has no run of Poisson, 401 a second"))
        #expect(!diff.hasWorsened)
        #expect(ReportDiff(from: old, to: Report()).text(isTerminal: false).hasPrefix("nothing to compare"))
    }

    @Test func `the text is that of the golden file`() {
        let actual = Array(ReportDiff(from: MadeUpReport.closedLoop(), to: slower()).text(isTerminal: false).utf8)
        let golden = GoldenFile("diff.txt").bytes(replacedBy: actual)
        #expect(String(decoding: actual, as: UTF8.self) == String(decoding: golden, as: UTF8.self))
    }

    private func slower() -> Report {
        var report = MadeUpReport.closedLoop()
        report.runs[0].record.targets = [MadeUpReport.target(streams: 1200, firstToken: 130, gap: 20)]
        return report
    }

    private func change(_ metric: Metric, from old: Report, to new: Report) -> ReportDiff.Change? {
        ReportDiff(from: old, to: new).sections.first?.rows.first { $0.metric == metric }?.change
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct ReportOutcomeTests {
    @Test func `an outcome has the exit code that scripts know`() {
        let codes: [(Report.Outcome, Int32)] = [
            (.ok, 0), (.failed, 1), (.clientBound, 3), (.assertionMissed, 99), (.interrupted, 130),
        ]
        for (outcome, code) in codes { #expect(outcome.exitCode == code) }
    }

    @Test func `interrupted goes before failed, failed before client-bound, and that before a missed assertion`() {
        var report = MadeUpReport.closedLoop()
        report.runs[0].assertions = []
        #expect(report.outcome == .ok)
        report.runs[0].assertions = [AssertionResult(text: "ttft.p99<1ms", measured: 2, holds: false)]
        #expect(report.outcome == .assertionMissed)
        report.runs[0].verdict.level = .clientBound
        #expect(report.outcome == .clientBound)
        report.runs[0].record.targets[0].ends[.reset] = 600
        #expect(report.outcome == .failed)
        report.runs[0].record.wasInterrupted = true
        #expect(report.outcome == .interrupted)
    }

    @Test func `what could not begin has failed, whatever was played before it`() {
        var report = MadeUpReport.closedLoop()
        report.runs[0].assertions = []
        report.failure = "no TLS with h:443"
        #expect(report.outcome == .failed)
        report.runs = []
        #expect(report.outcome == .failed)
    }

    @Test func `a client-bound run may be allowed`() {
        var report = MadeUpReport.closedLoop()
        report.runs[0].assertions = []
        report.runs[0].verdict.level = .clientBound
        report.allowsClientBound = true
        #expect(report.outcome == .ok)
    }

    @Test func `a run without an answer has failed, unless its streams were still running`() {
        var report = MadeUpReport.closedLoop()
        report.runs[0].assertions = []
        report.runs[0].record.targets[0].ends = [:]
        #expect(report.outcome == .failed)
        report.runs[0].record.targets[0].ends = [.cut: 50]
        #expect(report.outcome == .ok)
        report.runs = []
        #expect(report.outcome == .failed)
    }

    @Test func `errors up to the bound are borne`() {
        var report = MadeUpReport.closedLoop()
        report.runs[0].assertions = []
        report.runs[0].record.targets[0].ends = [.complete: 99, .reset: 1]
        #expect(report.outcome == .ok)
        report.maxErrorRate = 0
        #expect(report.outcome == .failed)
    }

    @Test func `a sweep may end in failures, but not at the client`() {
        var report = MadeUpReport.sweep()
        #expect(report.outcome == .ok)
        report.runs[3].record.targets[0].ends = [.refused: 100]
        #expect(report.outcome == .ok)
        report.runs[3].verdict.level = .clientBound
        #expect(report.outcome == .clientBound)
        report.runs[0].record.targets[0].ends = [.refused: 100]
        #expect(report.outcome == .failed)
    }
}

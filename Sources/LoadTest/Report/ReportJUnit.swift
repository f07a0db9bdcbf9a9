// SPDX-License-Identifier: Apache-2.0

internal import WireFormats

/// A report as JUnit XML, as CI systems read it: a suite for each run, whose cases are the verdict, the error rate and each
/// assertion; and one for what could not begin.
///
/// Each level of a sweep is judged here; the exit code leaves the saturated ones out.
public enum ReportJUnit {
    private struct Case {
        var name: String
        /// Nil: passed.
        var failure: String?
        /// Said beside, though it passed.
        var note: String?
    }

    public static func bytes(_ report: Report) -> [UInt8] {
        let suites = report.runs.map { cases(of: $0, in: report) }
        let unplayed = report.failure.map { [Case(name: "begins", failure: $0)] } ?? []
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"typebar bench\" \(counts(suites.flatMap(\.self) + unplayed))>\n"
        for (run, cases) in zip(report.runs, suites) {
            text += suite(run.load, cases, seconds: run.record.targets.map(\.seconds).max() ?? 0, in: report)
        }
        if !unplayed.isEmpty { text += suite("not run", unplayed, seconds: 0, in: report) }
        text += "</testsuites>\n"
        return Array(text.utf8)
    }

    private static func suite(_ name: String, _ cases: [Case], seconds: Double, in report: Report) -> String {
        let seconds = Figure.fixed(seconds, digits: 3).replacing(",", with: "")
        let began = RFC3339.text(unixNanoseconds: Int64(report.began) &* 1_000_000_000, fractionDigits: 0)
        var text = "  <testsuite name=\"\(name.xmlEscaped)\" \(counts(cases)) errors=\"0\" skipped=\"0\""
        text += " time=\"\(seconds)\" timestamp=\"\(began)\">\n"
        for item in cases {
            text += "    <testcase classname=\"typebar.bench\" name=\"\(item.name.xmlEscaped)\" time=\"0\""
            if let failure = item.failure {
                text += ">\n      <failure message=\"\(failure.xmlEscaped)\"/>\n    </testcase>\n"
            } else if let note = item.note {
                text += ">\n      <system-out>\(note.xmlEscaped)</system-out>\n    </testcase>\n"
            } else {
                text += "/>\n"
            }
        }
        return text + "  </testsuite>\n"
    }

    private static func counts(_ cases: [Case]) -> String {
        "tests=\"\(cases.count)\" failures=\"\(cases.count { $0.failure != nil })\""
    }

    private static func cases(of run: Report.Run, in report: Report) -> [Case] {
        let level = run.verdict.level
        let words = run.verdict.headline
        let isBound = level == .clientBound && !report.allowsClientBound
        let verdict = Case(name: "verdict", failure: isBound ? words : nil, note: level == .trusted ? nil : words)
        var cases = [verdict, errors(of: run, maxErrorRate: report.maxErrorRate)]
        if run.record.wasInterrupted { cases.append(Case(name: "runs to its end", failure: "it was interrupted")) }
        return cases + run.assertions.map { Case(name: $0.text, failure: $0.holds ? nil : failure($0)) }
    }

    private static func errors(of run: Report.Run, maxErrorRate: Double) -> Case {
        let share = run.record.targets.map(\.errorShare).max() ?? 0
        let name = "at most \(Figure.share(maxErrorRate)) of the requests fail"
        guard run.hasFailed(maxErrorRate: maxErrorRate) else { return Case(name: name) }
        return Case(name: name, failure: share > 0 ? "\(Figure.share(share)) failed" : "no request succeeded")
    }

    private static func failure(_ result: AssertionResult) -> String {
        let measured = result.measured.map { "measured \($0)\(result.unit.isEmpty ? "" : " \(result.unit)")" }
        return [measured, result.note].compactMap(\.self).joined(separator: ", ")
    }
}

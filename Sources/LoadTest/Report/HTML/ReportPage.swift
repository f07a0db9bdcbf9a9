// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A report as one HTML file that needs nothing else: no script, no network, pictures as SVG, for screen, phone and paper.
///
/// All that the report holds is escaped and clipped, since it may come from a file, and what a server said is in it. The
/// page's length is bounded: it does not grow with the run's.
public struct ReportPage: Sendable {
    let report: Report
    let baseline: Report?
    /// The run that is shown in full; of a sweep, the last level that the server bore.
    let run: Report.Run?
    let sides: [Side]

    /// - Parameter baseline: An older report to compare with; its run of the same load, or its last good one, is taken.
    public init(_ report: Report, baseline: Report? = nil) {
        self.report = report
        self.baseline = baseline
        let run = report.judgedRuns.last
        self.run = run
        let old = run.flatMap { run in baseline?.runs.first { $0.load == run.load } } ?? baseline?.judgedRuns.last
        let oldTargets = old?.record.targets ?? []
        let targets = (run?.record.targets ?? []).prefix(2)
        sides = targets.enumerated().map { index, record in
            Side(
                name: targets.count > 1 ? (index == 0 ? "A" : "B") : "",
                url: index < report.urls.count ? PageWords.clipped(report.urls[index], to: 300) : "",
                look: index == 0 ? .one : .two,
                record: record,
                baseline: index < oldTargets.count ? oldTargets[index] : nil
            )
        }
    }

    public var html: String {
        var page = Markup()
        page.raw("<!DOCTYPE html>\n")
        page.element("html", ["lang": "en", "xmlns": "http://www.w3.org/1999/xhtml"]) { html in
            html.element("head") { writeHead(to: &$0) }
            html.element("body") { body in
                writeMasthead(to: &body)
                body.element("main") { writeSections(to: &$0) }
                body.element("footer") { $0.element("p", Self.rules) }
            }
        }
        page.raw("\n")
        return page.text
    }

    private func writeSections(to page: inout Markup) {
        writeVerdict(to: &page)
        if isEmpty { writeEmptiness(to: &page) }
        writeSweep(to: &page)
        writeSetup(to: &page)
        guard !sides.isEmpty else { return }
        writeRequests(to: &page)
        if !isEmpty {
            writeDifference(to: &page)
            writeMetrics(to: &page)
            writePictures(to: &page)
            writeStreams(to: &page)
        }
        writeChecks(to: &page)
        writeClient(to: &page)
    }

    /// Not a single token came.
    var isEmpty: Bool { sides.allSatisfy { $0.record[.firstToken].isEmpty && $0.record[.gap].isEmpty } }

    private func writeHead(to head: inout Markup) {
        head.empty("meta", ["charset": "utf-8"])
        head.empty(
            "meta",
            [
                "http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'",
            ]
        )
        head.empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        head.empty("meta", ["name": "color-scheme", "content": "light dark"])
        head.element("title", "typebar bench: \(run.map { PageWords.clipped($0.load, to: 80) } ?? "no run")")
        head.element("style") { $0.raw(Self.style) }
    }

    private func writeMasthead(to body: inout Markup) {
        body.element("header", ["class": "masthead"]) { header in
            header.element("h1", "typebar bench")
            header.element("p", Self.date(report.began))
        }
    }

    /// UTC, of Unix seconds.
    static func date(_ seconds: Int) -> String {
        var time = time_t(seconds)
        var parts = tm()
        guard seconds > 0, gmtime_r(&time, &parts) != nil, (0...8099).contains(parts.tm_year) else {
            return "at an unknown time"
        }
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let date = "\(1900 + Int(parts.tm_year))-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        return "\(date) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) UTC"
    }

    private static let rules =
        "Percentiles are values that occurred (nearest rank, three digits), and a dash stands where fewer than ten samples "
        + "lie beyond one; lines are thin there. Failed requests are counted, and are in no latency. Gaps are between events that bear content; "
        + "several of them in one read share its time."
}

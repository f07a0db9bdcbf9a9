// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// What a reader has to know first: whether to believe the rest.
    func writeVerdict(to page: inout Markup) {
        guard let run else { return }
        let verdict = run.verdict
        page.element("section", ["class": "verdict \(verdict.level.rawValue)", "aria-labelledby": "verdict"]) {
            section in
            section.element("h2", ["id": "verdict"]) { heading in
                heading.element("span", ["class": "seal", "aria-hidden": "true"], Self.seal(verdict.level))
                heading.write(Self.headline(verdict.level))
            }
            if !verdict.reasons.isEmpty {
                section.element("ul") { list in
                    for reason in verdict.reasons.prefix(20) { list.element("li", PageWords.clipped(reason)) }
                }
            }
            if report.runs.count > 1 { section.element("p", sweepWords) }
            if run.record.wasInterrupted {
                section.element("p", "The run was interrupted: this is what had been measured by then.")
            }
            if run.isClosedLoop {
                section.element(
                    "p",
                    "Closed loop: these are the waits of patient users, who ask again only when they have their answer."
                )
            }
        }
        guard !isEmpty else { return }
        for side in sides { writeHeadline(of: side, to: &page) }
        let isJudged = run.goodput != nil || !run.assertions.isEmpty
        if sides.count > 1, isJudged { page.element("dl", ["class": "headline"]) { writeOutcome(to: &$0) } }
    }

    private static func seal(_ level: Verdict.Level) -> String {
        switch level {
        case .trusted: "✓"
        case .degraded: "!"
        case .clientBound: "✕"
        }
    }

    private static func headline(_ level: Verdict.Level) -> String {
        switch level {
        case .trusted: "Trusted: the client kept up with the load"
        case .degraded: "Degraded: latencies hold, with what is said here"
        case .clientBound: "Client-bound: these figures measure the client, not the server"
        }
    }

    private func writeHeadline(of side: Side, to page: inout Markup) {
        let record = side.record
        page.element("dl", ["class": "headline"]) { list in
            if !side.name.isEmpty { Self.write(side.name, side.url, look: "side \(side.look.rawValue)", to: &list) }
            Self.write("First token", Self.middle(record[.firstToken]), Self.tail(record[.firstToken]), to: &list)
            Self.write("Gaps", Self.middle(record[.gap]), Self.tail(record[.gap]), to: &list)
            let longest = record[.gap].maximum.map(Figure.time) ?? Figure.none
            Self.write("Longest gap", longest, "of \(Figure.count(record[.gap].count)) gaps", to: &list)
            let stalled = "in \(Figure.share(record.stalledStreamShare)) of streams"
            let look = record.stalledStreams > 0 ? "bad" : ""
            Self.write("Stalls", Figure.count(record[.stall].count), stalled, look: look, to: &list)
            let streams = "at most \(Figure.count(record.peakStreams)) streams"
            Self.write("Tokens a second", Figure.short(record.contentsPerSecond), streams, to: &list)
            let failed = "\(Figure.share(record.errorShare)) of requests"
            let failedLook = record.failed > 0 ? "bad" : ""
            Self.write("Failed", Figure.count(record.failed), failed, look: failedLook, to: &list)
            if sides.count == 1 { writeOutcome(to: &list) }
        }
    }

    private func writeOutcome(to list: inout Markup) {
        if let goodput = run?.goodput {
            let share = goodput.of > 0 ? Double(goodput.met) / Double(goodput.of) : 0
            Self.write(
                "Goodput",
                "\(Figure.short(goodput.perSecond))/s",
                "\(Figure.share(share)) of streams",
                to: &list
            )
        }
        if let assertions = run?.assertions, !assertions.isEmpty {
            let missed = assertions.count { !$0.holds }
            let (text, look) = missed == 0 ? ("held", "") : ("\(missed) missed", "bad")
            Self.write("Assertions", text, "of \(assertions.count)", look: look, to: &list)
        }
    }

    /// The median, or the mean of few.
    private static func middle(_ distribution: Distribution) -> String {
        let statistic = distribution.enoughFor(0.5) ? Statistic.percentile(0.5) : .mean
        return statistic.value(of: distribution).map { "\(Figure.short($0 / 1e6)) ms" } ?? Figure.none
    }

    /// As far as samples tell of it.
    private static func tail(_ distribution: Distribution) -> String {
        let tail = [Statistic.percentile(0.99), .percentile(0.9), .greatest].first { $0.value(of: distribution) != nil }
        let middle = distribution.enoughFor(0.5) ? "median" : "mean"
        guard let tail, let value = tail.value(of: distribution) else { return "" }
        return "\(middle); \(tail.name) \(Figure.short(value / 1e6))"
    }

    /// - Parameter note: A smaller line below.
    static func write(_ term: String, _ value: String, _ note: String = "", look: String = "", to list: inout Markup) {
        list.element("div", ["class": look]) { pair in
            pair.element("dt", term)
            pair.element("dd", value)
            if !note.isEmpty { pair.element("dd", ["class": "note"], note) }
        }
    }

    /// Nothing has been measured, which deserves to be said plainly.
    func writeEmptiness(to page: inout Markup) {
        page.element("section", ["class": "empty"]) { section in
            section.element("h2", "Nothing was measured")
            let why =
                sides.isEmpty
                ? report.failure.map { "There was no run: \(PageWords.clipped($0))" } ?? "The report holds no run."
                : "Not one token arrived, so there is no latency to show. How the requests ended says why."
            section.element("p", why)
        }
    }
}

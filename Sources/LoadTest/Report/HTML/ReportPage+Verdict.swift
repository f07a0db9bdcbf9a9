// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// What a reader has to know first: whether to believe the rest.
    func writeVerdict(to page: inout Markup) {
        guard let run else { return }
        let verdict = run.verdict
        page.element("section", ["class": "verdict \(verdict.level.rawValue)", "aria-labelledby": "verdict"]) { section in
            section.element("h2", ["id": "verdict"]) { heading in
                heading.element("span", ["class": "seal", "aria-hidden": "true"], Self.seal(verdict.level))
                heading.write(Self.headline(verdict.level))
            }
            if !verdict.reasons.isEmpty {
                section.element("ul") { list in
                    for reason in verdict.reasons.prefix(20) { list.element("li", PageWords.clipped(reason)) }
                }
            }
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
        if !isEmpty { for side in sides { writeHeadline(of: side, to: &page) } }
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
            Self.write("First token", Self.times(record[.firstToken]), to: &list)
            Self.write("Gaps", Self.times(record[.gap]), to: &list)
            Self.write("Longest gap", record[.gap].maximum.map(Figure.time) ?? Figure.none, to: &list)
            let stalls = "\(Figure.count(record[.stall].count)) in \(Figure.share(record.stalledStreamShare)) of streams"
            Self.write("Stalls", stalls, look: record.stalledStreams > 0 ? "bad" : "", to: &list)
            Self.write("Tokens a second", Figure.short(record.contentsPerSecond), to: &list)
            let failed = record.failed == 0 ? "none" : "\(Figure.count(record.failed)), \(Figure.share(record.errorShare))"
            Self.write("Failed", failed, look: record.failed > 0 ? "bad" : "", to: &list)
        }
    }

    /// The median, and the tail as far as samples tell of it.
    private static func times(_ distribution: Distribution) -> String {
        let tail = [Statistic.percentile(0.99), .percentile(0.9), .greatest]
            .first { $0.value(of: distribution) != nil } ?? .greatest
        func ms(_ statistic: Statistic) -> String? {
            statistic.value(of: distribution).map { Figure.short($0 / 1e6) }
        }
        guard let median = distribution.percentile(0.5), let high = ms(tail) else { return Figure.none }
        return "\(Figure.short(Double(median) / 1e6)) ms, \(tail.name) \(high)"
    }

    static func write(_ term: String, _ value: String, look: String = "", to list: inout Markup) {
        list.element("div", ["class": look]) { pair in
            pair.element("dt", term)
            pair.element("dd", value)
        }
    }

    /// Nothing has been measured, which deserves to be said plainly.
    func writeEmptiness(to page: inout Markup) {
        page.element("section", ["class": "empty"]) { section in
            section.element("h2", "Nothing was measured")
            let why =
                sides.isEmpty
                ? "The report holds no run."
                : "Not one token arrived, so there is no latency to show. How the requests ended says why."
            section.element("p", why)
        }
    }
}

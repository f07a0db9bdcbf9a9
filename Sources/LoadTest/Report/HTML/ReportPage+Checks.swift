// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// What had to be kept, and what was.
    func writeChecks(to page: inout Markup) {
        guard let run, run.goodput != nil || !run.assertions.isEmpty else { return }
        page.element("section", ["aria-labelledby": "checks"]) { section in
            section.element("h2", ["id": "checks"], "Goodput and assertions")
            if let goodput = run.goodput { Self.write(goodput, to: &section) }
            guard !run.assertions.isEmpty else { return }
            section.element("table", ["class": "checks"]) { table in
                table.element("caption", "Assertions")
                Self.writeHead(["asserted", "measured", "outcome"], to: &table)
                table.element("tbody") { body in
                    for assertion in run.assertions.prefix(100) { Self.write(assertion, to: &body) }
                }
            }
        }
    }

    private static func write(_ goodput: Goodput, to page: inout Markup) {
        page.element("dl", ["class": "facts"]) { list in
            write("objectives", PageWords.clipped(goodput.objectives), to: &list)
            let share = goodput.of > 0 ? Double(goodput.met) / Double(goodput.of) : 0
            write(
                "met by",
                "\(Figure.count(goodput.met)) of \(Figure.count(goodput.of)) streams, \(Figure.share(share))",
                to: &list
            )
            write("goodput", "\(Figure.short(goodput.perSecond)) streams a second", to: &list)
        }
    }

    private static func write(_ assertion: AssertionResult, to body: inout Markup) {
        body.element("tr", ["class": assertion.holds ? "held" : "missed"]) { row in
            row.element("th", ["scope": "row"]) { $0.element("code", PageWords.clipped(assertion.text, to: 200)) }
            row.element("td", assertion.measured.map(Figure.short) ?? Figure.none)
            let note = assertion.note.map { ": " + PageWords.clipped($0, to: 200) } ?? ""
            row.element("td", (assertion.holds ? "✓ holds" : "✕ missed") + note)
        }
    }
}

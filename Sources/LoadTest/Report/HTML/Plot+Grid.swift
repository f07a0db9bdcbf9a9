// SPDX-License-Identifier: Apache-2.0

extension Plot {
    /// The axes' lines, their values, and what they measure.
    func writeGrid(to svg: inout Markup) {
        if let y {
            for tick in y.ticks { writeRow(tick, to: &svg) }
            svg.element("text", ["class": "unit", "x": "-56", "y": "-12"], y.unit)
        }
        for tick in x.ticks { writeColumn(tick, to: &svg) }
        svg.empty("line", ["class": "axis", "x1": "0", "x2": "100%", "y1": "100%", "y2": "100%"])
        guard !x.unit.isEmpty else { return }
        svg.element("text", ["class": "unit end", "x": "100%", "y": "100%", "dy": "31"], x.unit)
    }

    private func writeRow(_ tick: Axis.Tick, to svg: inout Markup) {
        let at = PageNumbers.coordinate(down(tick.value))
        svg.empty("line", ["class": tick.isMinor ? "grid minor" : "grid", "x2": "100%", "y1": at, "y2": at])
        svg.element("text", ["class": "tick end", "x": "-8", "y": at, "dy": "4"], tick.label)
    }

    private func writeColumn(_ tick: Axis.Tick, to svg: inout Markup) {
        let at = PageNumbers.coordinate(x.position(tick.value) * 100) + "%"
        svg.empty("line", ["class": tick.isMinor ? "grid minor" : "grid", "x1": at, "x2": at, "y2": "100%"])
        svg.element(
            "text",
            ["class": tick.isMinor ? "tick mid more" : "tick mid", "x": at, "y": "100%", "dy": "16"],
            tick.label
        )
    }
}

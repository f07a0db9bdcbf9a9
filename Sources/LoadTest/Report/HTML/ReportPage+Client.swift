// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// What the verdict rests on.
    func writeClient(to page: inout Markup) {
        guard let signals = run?.record.signals else { return }
        page.element("section", ["aria-labelledby": "client"]) { section in
            section.element("h2", ["id": "client"], "The client itself")
            section.element("div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-labelledby": "client"])
            { frame in
                frame.element("table", ["class": "figures"]) { table in
                    table.element("caption", "How late this client was")
                    Self.writeHead(["", ""] + Statistic.columns.map(\.name), to: &table)
                    table.element("tbody") { body in
                        if signals.loopLag.isEmpty {
                            Self.write("from the kernel’s stamp to us", signals.kernelToUser, to: &body)
                        } else {
                            Self.write("in line behind other sockets", signals.loopLag, to: &body)
                        }
                        Self.write("from when a request was due to its write", signals.sendLag, to: &body)
                        Self.write("from when a timer was due to its run", signals.timerLag, to: &body)
                    }
                }
            }
            section.element("dl", ["class": "facts two"]) { list in
                for (term, value) in facts(of: signals) { Self.write(term, value, to: &list) }
            }
        }
    }

    private static func write(_ name: String, _ lag: Distribution, to body: inout Markup) {
        body.element("tr") { row in
            row.element("th", ["scope": "row"], name)
            row.element("td", ["class": "unit"], "ms")
            for statistic in Statistic.columns {
                if statistic == .count {
                    row.element("td", Figure.count(lag.count))
                } else {
                    row.element("td", statistic.value(of: lag).map { Figure.short($0 / 1e6) } ?? Figure.none)
                }
            }
        }
    }

    private func facts(of signals: TrustSignals) -> [(String, String)] {
        func ofWall(_ seconds: Double) -> String {
            signals.wallSeconds > 0 ? Figure.share(seconds / signals.wallSeconds) : Figure.none
        }
        let shared = signals.contents > 0 ? Double(signals.sharedContents) / Double(signals.contents) : 0
        var facts = [
            ("own processor time", ofWall(signals.cpuSeconds)),
            ("waited for a core", ofWall(signals.waitSeconds)),
            ("stolen by the host, all cores", ofWall(signals.stolenSeconds)),
            ("tokens that shared a read", Figure.share(shared)),
            (
                "TCP of this machine",
                "\(Figure.count(signals.retransmits)) retransmits, \(Figure.count(signals.collapsedSegments)) collapsed, "
                    + "\(Figure.count(signals.listenDrops)) listen drops"
            ),
        ]
        if signals.lacksKernelStamps { facts.append(("kernel stamps", "none: arrivals are the times of our reads")) }
        if signals.clockSteps > 0 { facts.append(("wall clock", "set \(signals.clockSteps) times during the run")) }
        let reading = sides.reduce(into: (proven: 0, wrong: 0)) {
            $0.proven += $1.record.reading.proven
            $0.wrong += $1.record.reading.disagreements
        }
        facts.append(
            (
                "events looked at twice",
                "\(Figure.count(reading.proven)), of which \(Figure.count(reading.wrong)) were told apart wrongly"
            )
        )
        return facts
    }
}

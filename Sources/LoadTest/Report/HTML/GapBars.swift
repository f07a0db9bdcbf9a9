// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// A stream's gaps in a table's cell, in the order in which they came.
struct GapBars: Sendable {
    private static let (bar, height) = (6, 28.0)

    private let gaps: ArraySlice<Nanoseconds>
    private let highest: Nanoseconds
    private let stall: Nanoseconds

    /// - Parameter highest: Fills the cell's height.
    init(_ gaps: [Nanoseconds], highest: Nanoseconds, stall: Nanoseconds) {
        (self.gaps, self.highest, self.stall) = (gaps.prefix(32), highest, stall)
    }

    func write(to cell: inout Markup) {
        let width = "\(32 * Self.bar)"
        cell.element(
            "svg",
            ["class": "gaps", "role": "img", "width": width, "height": PageNumbers.coordinate(Self.height)]
        ) { svg in
            svg.element(
                "title",
                "Longest gaps in order: \(gaps.map { Figure.short(Double($0) / 1e6) }.joined(separator: ", ")) ms"
            )
            svg.empty("path", ["class": "fill one", "d": outline { $0 <= stall }])
            svg.empty("path", ["class": "fill bad", "d": outline { $0 > stall }])
            if stall < highest {
                let border = PageNumbers.coordinate(Self.height - tall(stall))
                svg.empty("line", ["class": "border bad", "x1": "0", "x2": width, "y1": border, "y2": border])
            }
        }
    }

    private func tall(_ gap: Nanoseconds) -> Double {
        highest > 0 ? min(max(Double(gap) / Double(highest) * Self.height, 1), Self.height) : 1
    }

    private func outline(_ isTaken: (Nanoseconds) -> Bool) -> String {
        gaps.enumerated().filter { isTaken($1) }.map { index, gap in
            let tall = PageNumbers.coordinate(tall(gap))
            return "M\(index * Self.bar) \(PageNumbers.coordinate(Self.height))v-\(tall)h\(Self.bar - 1)v\(tall)z"
        }.joined()
    }
}

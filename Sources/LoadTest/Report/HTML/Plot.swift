// SPDX-License-Identifier: Apache-2.0

/// A picture with axes, as SVG that keeps its letters' size however wide the page is.
///
/// Across, the outer picture is measured in per cent, which text and marks follow. Lines and areas are in an inner one of
/// 1,000 units, which is stretched. Down, both are in pixels.
struct Plot: Sendable {
    static let width = 1000.0

    /// What the picture says, for those who do not see it.
    let title: String
    var x: Axis
    /// Nil: rows, which the caller places.
    let y: Axis?
    let height: Double
    private var stretched = Markup()
    private var marks = Markup()

    init(_ title: String, x: Axis, y: Axis?, height: Double) {
        (self.title, self.x, self.y, self.height) = (title, x, y, height)
    }

    func write(to page: inout Markup) {
        let height = PageNumbers.coordinate(height)
        page.element("svg", ["class": x.unit.isEmpty ? "plot bare" : "plot", "role": "img", "height": height]) { svg in
            svg.element("title", title)
            writeGrid(to: &svg)
            svg.element(
                "svg",
                [
                    "viewBox": "0 0 1000 \(height)", "preserveAspectRatio": "none", "width": "100%", "height": height,
                ]
            ) { $0.append(stretched) }
            svg.append(marks)
        }
    }

    // MARK: What is drawn

    /// - Parameter isStepped: Each value holds until the next point.
    mutating func line(_ series: Series, isStepped: Bool = false) {
        let solid = series.points.filter { $0.x <= series.thinFrom }
        if solid.count > 1 || series.points.count == 1 {
            path(outline(solid, isStepped: isStepped), series.look.rawValue)
        }
        if solid.count < series.points.count {
            let thin = series.points.suffix(series.points.count - max(solid.count - 1, 0))
            path(outline(Array(thin), isStepped: isStepped), series.look.rawValue + " thin")
        }
    }

    /// What lies between the line and the axis.
    mutating func area(_ series: Series) {
        for run in series.points.split(whereSeparator: { $0.y == nil }) {
            guard let first = run.first, let last = run.last else { continue }
            let line = outline(Array(run), isStepped: true).dropFirst()
            let floor = PageNumbers.coordinate(height)
            path("M\(left(first.x)) \(floor)L\(line)L\(left(last.x)) \(floor)Z", "area " + series.look.rawValue)
        }
    }

    /// Boxes of one class, as one path. Across in the axis's unit, down in pixels from the top.
    mutating func boxes(_ boxes: [Box], _ look: String) {
        guard !boxes.isEmpty else { return }
        var text = ""
        for box in boxes {
            let from = x.position(box.from) * Self.width
            let wide = PageNumbers.coordinate(max(x.position(box.to) * Self.width - from, box.leastWidth))
            let high = PageNumbers.coordinate(box.height)
            text += "M\(PageNumbers.coordinate(from)) \(PageNumbers.coordinate(box.top))h\(wide)v\(high)h-\(wide)z"
        }
        path(text, look)
    }

    /// A bar that stands on the axis.
    func bar(from: Double, to: Double, value: Double) -> Box {
        let top = down(value)
        return Box(from: from, to: to, top: top, height: height - top)
    }

    /// A border down the whole picture, with its name beside it.
    /// - Parameter row: Of the name: 0 is above the picture, 1 within it.
    mutating func border(atX value: Double, _ name: String, _ look: String, row: Int = 0) {
        let position = x.position(value)
        let percent = Self.percent(position)
        let isLeft = position > 0.7
        marks.empty("line", ["class": "border " + look, "x1": percent, "x2": percent, "y1": "0", "y2": "100%"])
        marks.element(
            "text",
            [
                "class": "name " + look + (isLeft ? " end" : ""), "x": percent, "y": row == 0 ? "-5" : "10",
                "dx": isLeft ? "-5" : "5",
            ],
            name
        )
    }

    mutating func dot(x value: Double, y: Double, _ look: String) {
        marks.empty(
            "circle",
            ["class": "dot " + look, "cx": across(value), "cy": PageNumbers.coordinate(down(y)), "r": "3.5"]
        )
    }

    /// A sign or a word.
    mutating func text(_ text: String, x value: Double, y: Double, dx: Double, _ look: String) {
        marks.element(
            "text",
            [
                "class": look, "x": across(value), "y": PageNumbers.coordinate(y), "dx": PageNumbers.coordinate(dx),
            ],
            text
        )
    }

    /// What a pointer that rests on a part of the picture is told.
    mutating func hint(_ text: String, from: Double, to: Double, top: Double, height: Double) {
        let from = x.position(from)
        marks.element(
            "rect",
            [
                "class": "hint", "x": Self.percent(from), "width": Self.percent(max(x.position(to) - from, 0.002)),
                "y": PageNumbers.coordinate(top), "height": PageNumbers.coordinate(height),
            ]
        ) { $0.element("title", text) }
    }

    // MARK: Where it is drawn

    /// Pixels from the top.
    func down(_ value: Double) -> Double {
        height * (1 - (y?.position(value) ?? 0))
    }

    private func across(_ value: Double) -> String {
        Self.percent(x.position(value))
    }

    private func left(_ value: Double) -> String {
        PageNumbers.coordinate(x.position(value) * Self.width)
    }

    private static func percent(_ part: Double) -> String {
        PageNumbers.coordinate(part * 100) + "%"
    }

    private mutating func path(_ text: String, _ look: String) {
        guard !text.isEmpty else { return }
        stretched.empty("path", ["class": look, "d": text])
    }

    /// Points of the same height in a row are one line.
    private func outline(_ points: [Series.Point], isStepped: Bool) -> String {
        var text = ""
        var height: String?
        /// Up to where the height holds.
        var reached: String?
        for point in points {
            let across = left(point.x)
            guard let y = point.y else {
                if let end = isStepped && height != nil ? across : reached { text += "H\(end)" }
                (height, reached) = (nil, nil)
                continue
            }
            let down = PageNumbers.coordinate(down(y))
            if down == height {
                reached = across
                continue
            }
            if height == nil {
                text += "M\(across) \(down)"
            } else if isStepped {
                text += "H\(across)V\(down)"
            } else {
                text += (reached.map { "H\($0)" } ?? "") + "L\(across) \(down)"
            }
            (height, reached) = (down, nil)
        }
        return text + (reached.map { "H\($0)" } ?? "")
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A picture with its heading, what its lines mean, and what to know before reading it.
struct Chart: Sendable {
    struct Key: Equatable, Sendable {
        var name: String
        /// A class of the style sheet.
        var look: String
        /// An area, not a line.
        var isBox = false
    }

    var caption: String
    var note = ""
    var keys: [Key] = []
    var plot: Plot
    /// Takes a whole row of the page.
    var isWide = false

    /// Draws the lines too, each with its key; a line alone needs none.
    init(_ caption: String, note: String = "", plot: Plot, lines: [Series] = [], isStepped: Bool = false) {
        (self.caption, self.note, self.plot) = (caption, note, plot)
        // What is drawn first lies behind.
        for line in lines.reversed() { self.plot.line(line, isStepped: isStepped) }
        if lines.count > 1 { keys = lines.map { Key(name: $0.name, look: $0.look.rawValue) } }
    }

    func write(to page: inout Markup) {
        page.element("figure", ["class": isWide ? "wide" : "half"]) { figure in
            figure.element("figcaption") { caption in
                caption.element("h3", self.caption)
                if !note.isEmpty { caption.element("p", note) }
            }
            Self.write(keys, to: &figure)
            plot.write(to: &figure)
        }
    }

    static func write(_ keys: [Key], to page: inout Markup) {
        guard !keys.isEmpty else { return }
        page.element("ul", ["class": "keys"]) { list in
            for key in keys {
                list.element("li") { item in
                    item.element("svg", ["class": "key", "aria-hidden": "true", "width": "22", "height": "10"]) {
                        $0.empty("path", ["class": key.look, "d": key.isBox ? "M4 0h14v10h-14z" : "M0 5h22"])
                    }
                    item.write(key.name)
                }
            }
        }
    }
}

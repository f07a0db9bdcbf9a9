// SPDX-License-Identifier: Apache-2.0

/// One line of a chart.
struct Series: Sendable {
    /// How a line looks; the raw values are the style sheet's classes. Colours differ in lightness too, and a baseline is
    /// dashed, so that nobody needs to see colours to tell lines apart.
    enum Look: String, Sendable {
        case one
        case two
        /// Broad and pale, for a line that often lies under another one.
        case under = "two under"
        case baseOne = "one base"
        case baseTwo = "two base"
    }

    struct Point: Equatable, Sendable {
        var x: Double
        /// Nil: nothing was measured here, and the line has a gap.
        var y: Double?
    }

    var name: String
    var look: Look
    var points: [Point]
    /// From this x on, the line rests on few values, and is drawn thin.
    var thinFrom: Double = .infinity
}

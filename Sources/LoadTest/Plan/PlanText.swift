// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Numbers and times of a plan as text.
enum PlanText {
    /// `50`, `0.5`: whole numbers without a fraction.
    static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? String(value)
    }

    /// `300 ms`, `10 s`, `1.5 s`, `2 min`.
    static func time(_ time: Nanoseconds) -> String {
        if time >= 60 * .second, time % (60 * .second) == 0 { return "\(time / (60 * .second)) min" }
        if time >= .second { return number(Double(time) / 1e9) + " s" }
        return number(Double(time) / 1e6) + " ms"
    }

    /// `text` without spaces at its ends.
    static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}

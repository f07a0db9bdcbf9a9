// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Writes numbers as reports show them.
enum Figure {
    /// Stands where there is no figure.
    static let none = "–"

    /// Three digits that count, no more than three after the point: `0.048`, `4.21`, `24.1`, `1,203`.
    static func short(_ value: Double) -> String {
        let size = value.magnitude
        if size == 0 { return "0" }
        return fixed(value, digits: size < 0.9995 ? 3 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0)
    }

    /// A count with commas: `30,720`.
    static func count(_ value: Int) -> String { fixed(Double(value), digits: 0) }

    /// A share of 1 in per cent, with two digits that count: `0.42 %`, `1.8 %`, `96 %`.
    static func share(_ value: Double) -> String {
        let percent = value * 100
        guard percent.isFinite else { return none }
        if percent == percent.rounded() { return "\(fixed(percent, digits: 0)) %" }
        if percent.magnitude < 0.005 { return "below 0.01 %" }
        // What is nearly all is not all: an error more or less shows.
        return "\(fixed(percent, digits: percent.magnitude < 0.995 || percent > 99 ? 2 : 1)) %"
    }

    /// A change in per cent, with its sign: `+12 %`, `-0.4 %`.
    static func change(from old: Double, to new: Double) -> String {
        guard old != 0, new.isFinite, old.isFinite else { return old == new ? "0 %" : none }
        let percent = (new - old) / old.magnitude * 100
        let text = fixed(percent, digits: percent.magnitude < 9.95 ? 1 : 0)
        return percent.magnitude < 0.05 ? "0 %" : percent > 0 ? "+\(text) %" : "\(text) %"
    }

    /// A time in words: `300 ms`.
    static func time(_ time: Nanoseconds) -> String { "\(short(Double(time) / 1e6)) ms" }

    /// `value` with so many digits after the point, and a comma at each thousand.
    static func fixed(_ value: Double, digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        guard let scaled = Int(exactly: (value.magnitude * scale).rounded()) else {
            return value.isNaN ? none : String(value)
        }
        var text = String(scaled)
        text = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        var whole = String(text.dropLast(digits))
        for place in stride(from: whole.count - 3, to: 0, by: -3) {
            whole.insert(",", at: whole.index(whole.startIndex, offsetBy: place))
        }
        let sign = value < 0 && scaled != 0 ? "-" : ""
        return digits == 0 ? sign + whole : "\(sign)\(whole).\(text.suffix(digits))"
    }
}

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

    /// `0.07`, `12.4`, `230`: as many digits as anybody reads.
    static func milliseconds(_ time: Nanoseconds) -> String {
        let value = Double(time) / 1e6
        let scale = value < 10 ? 100.0 : value < 100 ? 10 : 1
        return number((value * scale).rounded() / scale)
    }

    /// A decimal number: not `0x10`, `inf` or `nan`, which a `Double` can be made of as well.
    static func decimal(_ text: some StringProtocol) -> Double? {
        guard text.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) }) else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    /// `text` without spaces at its ends.
    static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}

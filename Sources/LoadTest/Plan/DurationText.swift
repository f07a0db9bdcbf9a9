// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// Times as people write them: `300ms`, `10s`, `2m`, `1h`, `1.5`.
public enum DurationText {
    /// What a number without a unit is.
    public enum Unit: Sendable {
        case seconds
        case milliseconds
    }

    /// Longer than that, nobody watches; and sums of such times do not overflow.
    static let longest: Nanoseconds = 366 * 24 * 3600 * .second

    private static let units: [(name: String, length: Double)] = [
        ("us", 1e3), ("ms", 1e6), ("min", 60e9), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    /// Not below 0.
    public static func nanoseconds(_ text: String, bare unit: Unit = .seconds) throws(PlanProblem) -> Nanoseconds {
        guard let time = parse(text, bare: unit) else {
            throw PlanProblem("'\(text)' is no time", example: "300ms, 10s, 2m, 1h")
        }
        return time
    }

    private static func parse(_ text: String, bare unit: Unit) -> Nanoseconds? {
        var digits = text[...]
        var length = unit == .seconds ? 1e9 : 1e6
        if let unit = units.first(where: { text.hasSuffix($0.name) }) {
            digits = text.dropLast(unit.name.count)
            length = unit.length
        }
        guard let first = digits.first, first.isNumber || first == ".", let value = PlanText.decimal(digits) else {
            return nil
        }
        let time = (value * length).rounded()
        return time >= 0 && time <= Double(longest) ? Nanoseconds(time) : nil
    }
}

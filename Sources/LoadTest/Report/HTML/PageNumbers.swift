// SPDX-License-Identifier: Apache-2.0

/// Numbers as pictures need them; those for readers are ``Figure``'s.
enum PageNumbers {
    /// In SVG: two decimals at most, and no more than needed. What no picture can hold is 0.
    static func coordinate(_ value: Double) -> String {
        guard value.isFinite, value.magnitude < 1e7 else { return "0" }
        let hundredths = Int((value * 100).rounded())
        let sign = hundredths < 0 ? "-" : ""
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return "\(sign)\(whole)" }
        return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// As on an axis, with the digits it needs: `0.05`, `0.2`, `5`, `2,000`.
    static func tick(_ value: Double) -> String {
        var unit = 1.0
        for digits in 0...4 {
            if (value * unit - (value * unit).rounded()).magnitude < 1e-6 { return Figure.fixed(value, digits: digits) }
            unit *= 10
        }
        return Figure.short(value)
    }
}

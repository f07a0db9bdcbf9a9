// SPDX-License-Identifier: Apache-2.0

internal import LoadTest

/// A part of a whole, as it is typed: `1%`, `0.5 %`, `0.01`.
struct BenchShare {
    /// 0 to 1.
    let value: Double

    init(_ text: String) throws(PlanProblem) {
        let isPercentage = text.hasSuffix("%")
        let digits = isPercentage ? text.dropLast() : text[...]
        let number = Double(String(digits.filter { $0 != " " })).map { isPercentage ? $0 / 100 : $0 }
        guard let number, number >= 0, number <= 1 else {
            throw PlanProblem("'\(text)' is no share from 0 to 100 %", example: "1%")
        }
        value = number
    }
}

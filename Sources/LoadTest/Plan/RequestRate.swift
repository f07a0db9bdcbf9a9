// SPDX-License-Identifier: Apache-2.0

/// How many requests begin in a second.
public enum RequestRate: Equatable, Sendable {
    case perSecond(Double)
    /// All at once.
    case unlimited

    static let most = 1_000_000.0

    /// - Parameter text: `50`, `0.5` or `inf`.
    public init(_ text: String) throws(PlanProblem) {
        if text == "inf" || text == "infinity" {
            self = .unlimited
        } else if let rate = PlanText.decimal(text), rate > 0, rate <= Self.most {
            self = .perSecond(rate)
        } else {
            throw PlanProblem(
                "the rate '\(text)' is no number above 0, of at most 1000000 requests a second, nor inf",
                example: "50, 0.5 or inf"
            )
        }
    }
}

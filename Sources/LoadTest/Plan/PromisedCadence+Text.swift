// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension PromisedCadence {
    private static let example = "ttft=100ms,gap=20ms or rate=50"

    /// - Parameter text: `ttft=…` and `gap=…`, in milliseconds or with a unit; or `rate=…` in events a second for the gap.
    public init(_ text: String) throws(PlanProblem) {
        var (firstToken, gap): (Nanoseconds?, Nanoseconds?) = (nil, nil)
        for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            let ends = part.split(maxSplits: 1, whereSeparator: { $0 == "=" || $0 == ":" })
            guard ends.count == 2 else {
                throw PlanProblem("'\(part)' of the cadence '\(text)' is not name=value", example: Self.example)
            }
            let value = String(ends[1])
            switch (ends[0], firstToken, gap) {
            case ("ttft", nil, _): firstToken = try DurationText.nanoseconds(value, bare: .milliseconds)
            case ("gap", _, nil): gap = try DurationText.nanoseconds(value, bare: .milliseconds)
            case ("rate", _, nil): gap = try Self.gap(ofRate: value)
            default:
                throw PlanProblem("the cadence '\(text)' tells a thing twice, or an unknown one", example: Self.example)
            }
        }
        guard let gap else { throw PlanProblem("the cadence '\(text)' has no gap", example: Self.example) }
        self.init(firstToken: firstToken, gap: gap)
    }

    private static func gap(ofRate text: String) throws(PlanProblem) -> Nanoseconds {
        guard let rate = PlanText.decimal(text), rate > 0, rate <= RequestRate.most, rate >= 1e-6 else {
            throw PlanProblem("the cadence's rate '\(text)' is no number of events a second", example: example)
        }
        return Nanoseconds((1e9 / rate).rounded())
    }
}

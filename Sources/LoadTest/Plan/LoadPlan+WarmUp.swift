// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension LoadPlan.WarmUp {
    /// - Parameter text: A time with its unit (`10s`), or a number of requests (`50`).
    public init(_ text: String) throws(PlanProblem) {
        if let count = Int(text), 0...RunExtent.mostRequests ~= count {
            self = .requests(count)
        } else if text.last?.isLetter ?? false, let time = try? DurationText.nanoseconds(text) {
            self = .time(time)
        } else {
            throw PlanProblem("the warm-up '\(text)' is neither a time nor a number of requests", example: "10s or 50")
        }
    }
}

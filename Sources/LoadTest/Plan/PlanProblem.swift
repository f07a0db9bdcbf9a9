// SPDX-License-Identifier: Apache-2.0

/// Why what was asked for is no plan.
public struct PlanProblem: Error, Equatable, CustomStringConvertible {
    /// What is wrong, and what would be right.
    public let description: String

    public init(_ what: String, example: String? = nil) {
        description = what + (example.map { ": try \($0)" } ?? "")
    }
}

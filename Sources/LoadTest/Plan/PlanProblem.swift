// SPDX-License-Identifier: Apache-2.0

/// Why what was asked for is no plan.
public struct PlanProblem: Error, Equatable, CustomStringConvertible {
    /// What is wrong, and what would be right.
    public let description: String

    public init(_ what: String, example: String? = nil) {
        description = what + (example.map { ": try \($0)" } ?? "")
    }

    /// A value that an option makes; what is wrong with it names the option.
    public static func of<Value>(
        _ option: String,
        _ value: @autoclosure () throws(PlanProblem) -> Value
    ) throws(PlanProblem) -> Value {
        do {
            return try value()
        } catch {
            throw PlanProblem("\(option): \(error.description)")
        }
    }
}

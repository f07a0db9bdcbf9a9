// SPDX-License-Identifier: Apache-2.0

/// How much a model is asked to think before it answers. Nil leaves each to the model.
public struct ReasoningWish: Equatable, Sendable {
    /// Raw values as OpenAI names them.
    public enum Effort: String, CaseIterable, Sendable {
        case none
        case minimal
        case low
        case medium
        case high
        case xhigh
        case max
    }

    public var effort: Effort?
    /// The most tokens that it may think with.
    public var budgetTokens: Int?

    public init(effort: Effort? = nil, budgetTokens: Int? = nil) {
        self.effort = effort
        self.budgetTokens = budgetTokens
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Token counts of one answer.
public struct Usage: Equatable, Sendable {
    public var inputTokens: Int
    /// All that the model wrote, reasoning included.
    public var outputTokens: Int
    /// Those of the output that went into reasoning.
    public var reasoningTokens: Int
    /// Those of the input that came from a cache.
    public var cachedTokens: Int

    public init(inputTokens: Int, outputTokens: Int, reasoningTokens: Int = 0, cachedTokens: Int = 0) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.reasoningTokens = reasoningTokens
        self.cachedTokens = cachedTokens
    }

    /// The counts may come from outside: their sum stays a number.
    public var totalTokens: Int {
        let (sum, isTooLarge) = inputTokens.addingReportingOverflow(outputTokens)
        return isTooLarge ? .max : sum
    }
}

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

    public var totalTokens: Int { inputTokens + outputTokens }
}

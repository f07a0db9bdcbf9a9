// SPDX-License-Identifier: Apache-2.0

/// Token counts of one answer.
public struct Usage: Equatable, Sendable {
    public var inputTokens: Int
    public var outputTokens: Int

    public init(inputTokens: Int, outputTokens: Int) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }
}

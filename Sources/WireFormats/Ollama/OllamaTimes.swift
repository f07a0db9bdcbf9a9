// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// The durations that the last object of an answer tells, in nanoseconds: made of the token counts alone, so that
/// the same request gets the same bytes.
struct OllamaTimes {
    /// A model that is loaded already.
    static let load = 10_000_000
    private static let perInputToken = 1_000_000
    private static let perOutputToken = 20_000_000
    /// Keeps the products far from overflow, whatever an upstream says.
    private static let mostTokens = 1 << 32

    let input: Int
    let output: Int

    init(_ usage: Usage) {
        input = min(max(usage.inputTokens, 0), Self.mostTokens) * Self.perInputToken
        output = min(max(usage.outputTokens, 0), Self.mostTokens) * Self.perOutputToken
    }

    var total: Int { Self.load + input + output }
}

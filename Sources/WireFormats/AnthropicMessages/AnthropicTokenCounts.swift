// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Puts together the token counts of a stream: each is a total so far, so that the last word on it counts.
struct AnthropicTokenCounts {
    /// No sum of such counts overflows.
    private static let maximum = 1 << 40

    private var input = 0
    private var cacheWritten = 0
    private var cacheRead = 0
    private var output: Int?
    private var thinking = 0

    /// Takes what a `usage` object tells.
    mutating func merge(_ usage: JSONValue?) {
        guard let usage else { return }
        input = Self.count(usage["input_tokens"]) ?? input
        cacheWritten = Self.count(usage["cache_creation_input_tokens"]) ?? cacheWritten
        cacheRead = Self.count(usage["cache_read_input_tokens"]) ?? cacheRead
        output = Self.count(usage["output_tokens"]) ?? output
        thinking = Self.count(usage["output_tokens_details"]?["thinking_tokens"]) ?? thinking
    }

    /// All told; nil where nothing was told of the output.
    var usage: Usage? {
        output.map {
            Usage(
                inputTokens: input + cacheWritten + cacheRead,
                outputTokens: $0,
                reasoningTokens: thinking,
                cachedTokens: cacheRead
            )
        }
    }

    private static func count(_ value: JSONValue?) -> Int? {
        value?.integer.map { min(max($0, 0), maximum) }
    }
}

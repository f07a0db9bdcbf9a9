// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

extension Usage {
    /// Counts beyond this are nonsense, and their sum might not fit.
    private static let maximumCount = 1 << 53

    /// Reads `usage` of a chunk; nil where one of the two counts is not there.
    init?(openAI value: JSONValue) {
        guard let input = Self.count(value["prompt_tokens"]), let output = Self.count(value["completion_tokens"]) else {
            return nil
        }
        let cached = value["prompt_tokens_details"]?["cached_tokens"] ?? value["prompt_cache_hit_tokens"]
        let reasoning = value["completion_tokens_details"]?["reasoning_tokens"]
        self.init(
            inputTokens: input,
            outputTokens: output,
            reasoningTokens: Self.count(reasoning) ?? 0,
            cachedTokens: Self.count(cached) ?? 0
        )
    }

    private static func count(_ value: JSONValue?) -> Int? {
        guard let count = value?.integer, (0...maximumCount).contains(count) else { return nil }
        return count
    }
}

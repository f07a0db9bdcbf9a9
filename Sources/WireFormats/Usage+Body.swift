// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

extension Usage {
    /// Longer ones are not read for a count.
    private static let longestBody = 4 << 20

    /// What an upstream's answer that is not streamed says of tokens; nil where it says nothing.
    /// - Parameter format: The upstream's.
    public init?(ofBody body: [UInt8], format: WireFormat) {
        guard body.count <= Self.longestBody, let object = try? JSONReader.read(body) else { return nil }
        let usage: Usage? =
            switch format {
            case .openAIChat: object["usage"].flatMap(Usage.init(openAI:))
            case .openAIResponses: object["usage"].flatMap(OpenAIResponsesStreamParser.usage)
            case .anthropicMessages: Self.anthropic(object["usage"])
            case .gemini: object["usageMetadata"].flatMap(GeminiStreamParser.usage)
            case .ollamaChat: OllamaStreamParser.usage(object)
            default: nil
            }
        guard let usage else { return nil }
        self = usage
    }

    private static func anthropic(_ value: JSONValue?) -> Usage? {
        var counts = AnthropicTokenCounts()
        counts.merge(value)
        return counts.usage
    }
}

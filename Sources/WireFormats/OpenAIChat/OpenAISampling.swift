// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// The options that chat completions and legacy completions share: how many answers, how they are chosen, and how they come.
enum OpenAISampling {
    /// `n` of one request (openai-chat.md, part 1), and the answers to all prompts of a legacy one.
    static let maximumChoices = 128
    /// `stop`.
    static let maximumStops = 4

    /// Sets them.
    static func read(_ fields: OpenAIFields, into chat: inout ChatRequest) throws(RequestProblem) {
        chat.isStreamed = try fields.flag("stream") ?? false
        chat.wantsUsage = try wantsUsage(fields, isStreamed: chat.isStreamed)
        chat.choices = try fields.integer("n", in: 1...maximumChoices) ?? 1
        chat.seed = try fields.integer("seed", in: Int.min...Int.max).map { UInt64(bitPattern: Int64($0)) }
        // A sequence without a character would end each answer before its first.
        chat.stopSequences = try fields.texts("stop", atMost: maximumStops).filter { !$0.isEmpty }
        chat.sampling = try sampling(fields)
    }

    /// How the model is to choose its words: Responses take the same.
    static func sampling(_ fields: OpenAIFields) throws(RequestProblem) -> Sampling {
        var sampling = Sampling()
        sampling.temperature = try fields.number("temperature", in: 0...2)
        sampling.topP = try fields.number("top_p", in: 0...1)
        sampling.frequencyPenalty = try fields.number("frequency_penalty", in: -2...2)
        sampling.presencePenalty = try fields.number("presence_penalty", in: -2...2)
        return sampling
    }

    /// A body that is not streamed always tells its token counts.
    private static func wantsUsage(_ fields: OpenAIFields, isStreamed: Bool) throws(RequestProblem) -> Bool {
        guard let options = try fields.fields("stream_options") else { return !isStreamed }
        guard isStreamed else {
            throw OpenAIObjection.invalid("stream_options", "it is allowed only where 'stream' is true.")
        }
        _ = try options.flag("include_obfuscation")
        return try options.flag("include_usage") ?? false
    }
}

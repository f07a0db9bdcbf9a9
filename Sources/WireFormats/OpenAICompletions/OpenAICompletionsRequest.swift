// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// A request for a legacy completion: `POST /v1/completions` (openai-chat.md, part 7).
///
/// Each prompt is a message of the user. Several prompts make `prompts × n` choices: choice `p × n + c` is the `c`th
/// answer to the `p`th prompt, both from 0.
public struct OpenAICompletionsRequest: WireRequest {
    private static let defaultMaximumTokens = 16

    public let chat: ChatRequest
    /// The prompts that the answer repeats before its own text, one for each choice; empty where it repeats none.
    private let echoes: [String]

    /// - Throws: A problem of status 400, with OpenAI's code and parameter.
    public init(body: [UInt8]) throws(RequestProblem) {
        let fields = try OpenAIFields(body: body)
        let model = try fields.requiredText("model")
        guard !model.isEmpty else { throw OpenAIObjection.missing("model") }
        let prompts = try OpenAIPrompts.read(fields)
        var chat = ChatRequest(
            model: model,
            messages: prompts.map { ChatMessage(role: .user, content: $0) },
            format: .openAICompletions
        )
        try OpenAISampling.read(fields, into: &chat)
        chat.maximumTokens = try fields.integer("max_tokens", in: 0...Int.max) ?? Self.defaultMaximumTokens
        chat.topLogprobs = try fields.integer("logprobs", in: 0...5)
        let count = chat.choices
        chat.choices = try Self.choices(fields, prompts: prompts.count, count: count)
        _ = try fields.text("suffix")
        let echoesPrompt = try fields.flag("echo") ?? false
        echoes = echoesPrompt ? (0..<chat.choices).map { prompts[$0 / count] } : []
        self.chat = chat
    }

    public var streamType: String { "text/event-stream; charset=utf-8" }

    public var fields: [(name: String, value: String)] { OpenAIProblem.versionFields }

    public func renderer(for identity: AnswerIdentity) -> any AnswerRenderer {
        OpenAICompletionsRenderer(
            identity: identity,
            choices: chat.choices,
            includesUsage: chat.wantsUsage,
            topLogprobs: chat.topLogprobs,
            echoes: echoes
        )
    }

    public func body(of answer: WholeAnswer, for identity: AnswerIdentity) -> [UInt8] {
        OpenAICompletionsBody(identity: identity, topLogprobs: chat.topLogprobs, echoes: echoes).bytes(of: answer)
    }

    private static func choices(
        _ fields: OpenAIFields,
        prompts: Int,
        count: Int
    ) throws(RequestProblem) -> Int {
        let best = try fields.integer("best_of", in: 1...OpenAISampling.maximumChoices)
        guard best ?? count >= count else {
            throw OpenAIObjection.invalid("best_of", "it has to be at least 'n', which is \(count).")
        }
        let choices = prompts * count
        guard choices <= OpenAISampling.maximumChoices else {
            let limit = OpenAISampling.maximumChoices
            let reason = "\(prompts) prompts make \(choices) completions; a request may ask for \(limit)."
            throw OpenAIObjection.invalid("n", reason)
        }
        return choices
    }
}

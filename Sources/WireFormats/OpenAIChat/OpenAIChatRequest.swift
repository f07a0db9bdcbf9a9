// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// A request for a chat completion: `POST /v1/chat/completions` (openai-chat.md, part 1).
///
/// Members that are unknown, or that a mock has no use for, are passed over.
public struct OpenAIChatRequest: WireRequest {
    public let chat: ChatRequest
    /// The tools came as the deprecated `functions`, so a call has to be told as a `function_call`.
    private let usesFunctions: Bool

    /// - Throws: A problem of status 400, with OpenAI's code and parameter.
    public init(body: [UInt8]) throws(RequestProblem) {
        let fields = try OpenAIFields(body: body)
        let model = try fields.requiredText("model")
        guard !model.isEmpty else { throw OpenAIObjection.missing("model") }
        var chat = ChatRequest(model: model, messages: try OpenAIMessages.read(fields), format: .openAIChat)
        try OpenAISampling.read(fields, into: &chat)
        chat.maximumTokens = try Self.maximumTokens(fields)
        chat.usesCompletionLimit = fields["max_completion_tokens"] != nil
        chat.topLogprobs = try Self.topLogprobs(fields)
        try OpenAITools.read(fields, into: &chat)
        usesFunctions = !chat.tools.isEmpty && fields["tools"]?.array?.isEmpty ?? true
        chat.shape = try Self.shape(fields)
        chat.reasoning.effort = try ReasoningWish.openAIEffort(of: fields, "reasoning_effort")
        // It is shown where it is asked for by name, whatever the model's own default is.
        chat.wantsReasoning = chat.reasoning.effort.map { $0 != ReasoningWish.Effort.none } ?? false
        try Self.checkModalities(fields)
        _ = try fields.word("verbosity", of: ["low", "medium", "high"])
        self.chat = chat
    }

    public var streamType: String { "text/event-stream; charset=utf-8" }

    public var fields: [(name: String, value: String)] { OpenAIProblem.versionFields }

    public func renderer(for identity: AnswerIdentity) -> any AnswerRenderer {
        OpenAIChatRenderer(
            identity: identity,
            choices: chat.choices,
            includesUsage: chat.wantsUsage,
            topLogprobs: chat.topLogprobs,
            usesFunctions: usesFunctions
        )
    }

    public func body(of answer: WholeAnswer, for identity: AnswerIdentity) -> [UInt8] {
        OpenAIChatBody(identity: identity, topLogprobs: chat.topLogprobs, usesFunctions: usesFunctions).bytes(
            of: answer
        )
    }

    private static func maximumTokens(_ fields: OpenAIFields) throws(RequestProblem) -> Int? {
        let old = try fields.integer("max_tokens", in: 1...Int.max)
        let new = try fields.integer("max_completion_tokens", in: 1...Int.max)
        guard old == nil || new == nil else {
            throw OpenAIObjection.unsupported("max_tokens", "'max_completion_tokens' is given too, and means the same.")
        }
        return new ?? old
    }

    private static func topLogprobs(_ fields: OpenAIFields) throws(RequestProblem) -> Int? {
        let isAsked = try fields.flag("logprobs") ?? false
        let top = try fields.integer("top_logprobs", in: 0...20)
        guard isAsked || top == nil else {
            throw OpenAIObjection.invalid("top_logprobs", "it is allowed only where 'logprobs' is true.")
        }
        return isAsked ? top ?? 0 : nil
    }

    private static func shape(_ fields: OpenAIFields) throws(RequestProblem) -> AnswerShape {
        guard let format = try fields.fields("response_format") else { return .text }
        switch try format.requiredWord("type", of: ["text", "json_object", "json_schema"]) {
        case "json_object": return .jsonObject
        case "json_schema":
            let described = try format.requiredFields("json_schema")
            guard OpenAITools.isToolName(try described.requiredText("name")) else {
                let reason = "a name has 1 to 64 letters, digits, underscores and dashes."
                throw OpenAIObjection.invalid(described.parameter("name"), reason)
            }
            _ = try described.fields("schema")
            return .jsonSchema(described["schema"] ?? .object([]))
        default: return .text
        }
    }

    private static func checkModalities(_ fields: OpenAIFields) throws(RequestProblem) {
        for (index, item) in (try fields.items("modalities") ?? []).enumerated() {
            let parameter = "modalities[\(index)]"
            guard let word = item.text else {
                throw OpenAIObjection.wrongType(parameter, expected: "a string", value: item)
            }
            if word == "audio" { throw OpenAIObjection.invalid("modalities", "this model answers with text alone.") }
            guard word == "text" else { throw OpenAIObjection.unknownWord(parameter, word, known: ["text", "audio"]) }
        }
        guard fields["audio"] == nil else {
            throw OpenAIObjection.unsupported("audio", "This model answers with text alone.")
        }
    }
}

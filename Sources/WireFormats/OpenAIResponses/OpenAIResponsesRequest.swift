// SPDX-License-Identifier: Apache-2.0

public import Conversation
public import JSON

/// A request of OpenAI's Responses: `POST /v1/responses` (openai-responses.md 2).
public struct OpenAIResponsesRequest: WireRequest {
    /// What is asked; ``instructions`` first, then what went before, then the input.
    public private(set) var chat: ChatRequest
    /// The response that this one goes on from.
    public let previousResponseID: String?
    /// The answer is made whether or not somebody listens; the request is answered at once.
    public let isBackground: Bool
    /// The response is kept, for `GET` and for later requests that go on from it.
    public let isStored: Bool

    let settings: OpenAIResponseSettings
    private let items: [JSONValue]
    /// They hold for this turn only: a request that goes on from this one does not inherit them.
    private let instructions: ChatMessage?

    /// - Parameters:
    ///   - body: The JSON of the request.
    ///   - stored: Gives an item of an earlier response by its id, for items that are mere references; one that is
    ///     not found says nothing.
    public init(body: [UInt8], stored: (String) -> JSONValue? = { _ in nil }) throws(RequestProblem) {
        let fields = try OpenAIFields(body: body)
        let model = try fields.requiredText("model")
        guard !model.isEmpty else { throw OpenAIObjection.missing("model") }
        let tools = try OpenAIResponsesTools(fields)
        let text = try OpenAIResponsesTextFormat(fields)
        settings = try OpenAIResponseSettings(
            fields,
            tools: .array(tools.tools),
            toolChoice: tools.toolChoice,
            text: text.value
        )
        previousResponseID = try fields.text("previous_response_id")
        isBackground = try fields.flag("background") ?? false
        isStored = try fields.flag("store") ?? true
        instructions = try fields.text("instructions").map { ChatMessage(role: .system, content: $0) }
        try Self.checkCombinations(of: fields, isUnstoredBackground: isBackground && !isStored)
        let input = try OpenAIResponsesInput(fields, stored: stored)
        items = input.items
        chat = ChatRequest(
            model: model,
            messages: (instructions.map { [$0] } ?? []) + input.messages,
            format: .openAIResponses,
            wantsUsage: true
        )
        chat.isStreamed = try fields.flag("stream") ?? false
        chat.maximumTokens = fields["max_output_tokens"]?.integer
        chat.tools = tools.definitions
        chat.toolChoice = tools.choice
        chat.allowsParallelToolCalls = fields["parallel_tool_calls"]?.bool ?? true
        chat.shape = text.shape
        chat.topLogprobs = settings.topLogprobs
        chat.wantsReasoning = settings.wantsReasoning
        chat.reasoning.effort = settings.effort
        chat.sampling = try OpenAISampling.sampling(fields)
        nameToolResults()
    }

    public var streamType: String { "text/event-stream; charset=utf-8" }

    public var fields: [(name: String, value: String)] { OpenAIProblem.versionFields }

    public func renderer(for identity: AnswerIdentity) -> any AnswerRenderer {
        OpenAIResponsesRenderer(self, for: identity)
    }

    public func body(of answer: WholeAnswer, for identity: AnswerIdentity) -> [UInt8] {
        OpenAIResponseObject(self, for: identity, as: .whole(answer)).bytes
    }

    // MARK: Earlier and later responses

    /// The same request with the turns of an earlier response, as its ``history(after:for:)`` gave them, before the
    /// input.
    public func continuing(from earlier: [ChatMessage]) -> OpenAIResponsesRequest {
        var request = self
        request.chat.messages.insert(contentsOf: earlier, at: instructions == nil ? 0 : 1)
        request.nameToolResults()
        return request
    }

    /// The turns that a later request goes on from: all but the instructions, and then the answer.
    public func history(after answer: WholeAnswer, for identity: AnswerIdentity) -> [ChatMessage] {
        let choice = answer.choices.first ?? WholeAnswer.Choice()
        let said = OpenAIResponseItem.items(
            of: choice,
            OpenAIResponseIDs(for: identity),
            isSealed: false,
            last: .completed
        )
        let message = ChatMessage(
            role: .assistant,
            content: String(decoding: choice.text + choice.refusal, as: UTF8.self),
            toolCalls: said.compactMap(\.call)
        )
        return chat.messages.dropFirst(instructions == nil ? 0 : 1) + [message]
    }

    /// The items of the input in their order, each with an id, for ``OpenAIResponsesLists``.
    public func inputItems(for identity: AnswerIdentity) -> [JSONValue] {
        let ids = OpenAIResponseIDs(for: identity)
        return items.enumerated().map { index, item in
            let prefix =
                switch item["type"]?.text {
                case "message": "msg_"
                case "function_call": "fc_"
                case "function_call_output": "fco_"
                case "reasoning": "rs_"
                default: "item_"
                }
            let id = item["id"]?.text ?? ids.input(prefix, at: index)
            let others = (item.members ?? []).filter { $0.name != "id" }
            return .object([JSONValue.Member("id", id)] + others)
        }
    }

    /// A result names its call only; the tool's name is with the call.
    private mutating func nameToolResults() {
        var names: [String: String] = [:]
        for index in chat.messages.indices {
            for call in chat.messages[index].toolCalls { names[call.id] = call.name }
            if let id = chat.messages[index].toolCallID { chat.messages[index].name = names[id] }
        }
    }

    // MARK: Decoding

    private static func checkCombinations(
        of fields: OpenAIFields,
        isUnstoredBackground: Bool
    ) throws(RequestProblem) {
        if isUnstoredBackground {
            let reason = "a response made in the background has to be stored; leave out 'store', or set it to true."
            throw OpenAIObjection.invalid("background", reason)
        }
        if fields["previous_response_id"] != nil, fields["conversation"] != nil {
            throw RequestProblem(
                code: "mutually_exclusive_parameters",
                message: "Give either 'previous_response_id' or 'conversation', not both.",
                parameter: "previous_response_id"
            )
        }
        let sources = ["input", "previous_response_id", "conversation", "prompt"]
        guard sources.contains(where: { fields[$0] != nil }) else { throw OpenAIObjection.missing("input") }
    }
}

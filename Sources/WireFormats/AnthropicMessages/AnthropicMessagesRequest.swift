// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// A request of Anthropic's messages (anthropic-messages.md, part 1), or of `count_tokens`.
public struct AnthropicMessagesRequest: WireRequest {
    public let chat: ChatRequest
    /// Thinking blocks have to bear their signature only.
    public let omitsThinking: Bool
    /// The request's id, for an error in mid-stream; nil where it is not known.
    public var requestID: String?

    /// - Parameters:
    ///   - version: The header `anthropic-version`.
    ///   - isCountOnly: For `count_tokens`, which takes no `max_tokens` and no `stream`.
    public init(body: [UInt8], version: String?, isCountOnly: Bool = false) throws(RequestProblem) {
        let version = try AnthropicVersion(header: version)
        let root = try Self.root(of: body)
        let model = try root.required("model").nonEmptyText()
        let maximumTokens = isCountOnly ? nil : try root.required("max_tokens").integer(atLeast: 1)
        let conversation = try AnthropicConversation(
            system: root.optional("system"),
            messages: root.required("messages"),
            version: version
        )
        var chat = ChatRequest(
            model: model,
            messages: conversation.messages,
            format: .anthropicMessages,
            wantsUsage: true
        )
        chat.maximumTokens = maximumTokens
        chat.sampling = try Self.sampling(root, version: version)
        chat.isStreamed = isCountOnly ? false : try root.optional("stream")?.bool() ?? false
        chat.stopSequences = try Self.stopSequences(root.optional("stop_sequences"))
        if let tools = root.optional("tools") { chat.tools = try AnthropicTools.definitions(tools) }
        if let choice = root.optional("tool_choice") {
            (chat.toolChoice, chat.allowsParallelToolCalls) = try AnthropicTools.choice(choice, of: chat.tools)
        }
        // The older name of the format, still sent with a beta header.
        if let format = try root.optional("output_config")?.object().optional("format")
            ?? root.optional("output_format")
        {
            chat.shape = try Self.shape(format)
        }
        (chat.wantsReasoning, omitsThinking) = try Self.thinking(root.optional("thinking"))
        chat.reasoning = try Self.reasoning(root)
        self.chat = chat
    }

    /// So many at most, each of which is looked for in the whole answer.
    private static let mostStopSequences = 256

    private static func stopSequences(_ field: AnthropicField?) throws(RequestProblem) -> [String] {
        guard let field else { return [] }
        var sequences: [String] = []
        for item in try field.items() { sequences.append(try item.text()) }
        guard sequences.count <= mostStopSequences else {
            throw field.problem("List should have at most \(mostStopSequences) items, not \(sequences.count)")
        }
        return sequences
    }

    public var streamType: String { "text/event-stream; charset=utf-8" }

    /// The organisation is made up.
    public var fields: [(name: String, value: String)] {
        [(name: "anthropic-organization-id", value: "00000000-0000-4000-8000-000000000000")]
    }

    public func renderer(for identity: AnswerIdentity) -> any AnswerRenderer {
        AnthropicMessagesRenderer(identity: identity, omitsThinking: omitsThinking, requestID: requestID)
    }

    public func body(of answer: WholeAnswer, for identity: AnswerIdentity) -> [UInt8] {
        AnthropicMessage.body(of: answer, for: identity, omitsThinking: omitsThinking)
    }

    private static func root(of body: [UInt8]) throws(RequestProblem) -> AnthropicField {
        guard String(validating: body, as: UTF8.self) != nil else {
            throw RequestProblem(code: "malformed_json", message: "The body is not valid UTF-8.")
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(body)
        } catch {
            throw RequestProblem(
                code: "malformed_json",
                message: "The body is not valid JSON: at byte \(error.offset), \(error.reason)."
            )
        }
        guard value.members != nil else {
            throw RequestProblem(code: "malformed_json", message: "The body has to be a JSON object.")
        }
        return AnthropicField(root: value)
    }

    private static func sampling(
        _ root: AnthropicField,
        version: AnthropicVersion
    ) throws(RequestProblem) -> Sampling {
        if version == .october2026 {
            for name in ["temperature", "top_p", "top_k"] {
                guard let field = root.optional(name) else { continue }
                throw field.problem("not taken in version \(version.rawValue); leave it out")
            }
        }
        var sampling = Sampling()
        sampling.temperature = try root.optional("temperature")?.fraction()
        sampling.topP = try root.optional("top_p")?.fraction()
        let topK = try root.optional("top_k")?.integer(atLeast: 0)
        sampling.topK = topK == 0 ? nil : topK
        return sampling
    }

    private static func shape(_ format: AnthropicField) throws(RequestProblem) -> AnswerShape {
        _ = try format.object().required("type").word(of: ["json_schema"])
        return .jsonSchema(try format.required("schema").object().value)
    }

    private static func reasoning(_ root: AnthropicField) throws(RequestProblem) -> ReasoningWish {
        let effort = try root.optional("output_config")?.object().optional("effort")?.text()
        let thinking = root.optional("thinking")?.value
        let isFixed = thinking?["type"]?.text == "enabled"
        return ReasoningWish(
            // Words that are newer than this are the model's own affair.
            effort: effort.flatMap(ReasoningWish.Effort.init(rawValue:)),
            budgetTokens: isFixed ? thinking?["budget_tokens"]?.integer : nil
        )
    }

    private static func thinking(_ field: AnthropicField?) throws(RequestProblem) -> (wanted: Bool, omitted: Bool) {
        guard let field else { return (false, false) }
        let type = try field.object().required("type").word(of: ["enabled", "adaptive", "disabled", "between_tools"])
        if type == "enabled" { _ = try field.tagged(type).required("budget_tokens").integer(atLeast: 1024) }
        let display = try field.optional("display")?.text()
        return (type == "enabled" || type == "adaptive", display == "omitted")
    }
}

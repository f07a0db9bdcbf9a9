// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// What `input` says, as turns of a conversation and as the items that it is made of (openai-responses.md 2.1).
struct OpenAIResponsesInput {
    private static let roles = ["user", "assistant", "system", "developer"]
    private static let types = ["message", "function_call", "function_call_output", "reasoning", "item_reference"]

    private(set) var messages: [ChatMessage] = []
    /// As `GET /v1/responses/{id}/input_items` lists them; ids only where the client gave them.
    private(set) var items: [JSONValue] = []

    /// - Parameter stored: Gives an item of an earlier response by its id; a reference to an item that is not found
    ///   says nothing.
    init(_ body: OpenAIFields, stored: (String) -> JSONValue?) throws(RequestProblem) {
        guard let value = body["input"] else { return }
        if let text = value.text {
            messages = [ChatMessage(role: .user, content: text)]
            keepMessage(role: "user", content: value, id: nil)
            return
        }
        guard let items = value.array else {
            throw OpenAIObjection.wrongType("input", expected: "a string or an array of items", value: value)
        }
        guard !items.isEmpty else { throw OpenAIObjection.empty("input") }
        for (index, item) in items.enumerated() { try read(item, path: "input[\(index)]", stored: stored) }
    }

    private mutating func read(
        _ item: JSONValue,
        path: String,
        stored: (String) -> JSONValue?
    ) throws(RequestProblem) {
        let fields = try OpenAIFields(item, path: path)
        let isBareReference = fields["role"] == nil && fields["id"] != nil
        switch try fields.text("type") ?? (isBareReference ? "item_reference" : "message") {
        case "message": try readMessage(fields)
        case "function_call": try readCall(fields, item)
        case "function_call_output": try readResult(fields, item)
        case "reasoning":
            _ = try fields.items("summary")
            items.append(item)
        case "item_reference":
            if let found = stored(try fields.requiredText("id")) {
                try read(found, path: path, stored: { _ in nil })
            } else {
                items.append(item)
            }
        case let type where Self.isHosted(type): items.append(item)
        case let type: throw OpenAIObjection.unknownWord(fields.parameter("type"), type, known: Self.types)
        }
    }

    private mutating func readMessage(_ fields: OpenAIFields) throws(RequestProblem) {
        let name = try fields.requiredWord("role", of: Self.roles)
        let content = try OpenAIResponsesContent("content", of: fields)
        messages.append(
            ChatMessage(
                role: ChatMessage.Role(rawValue: name) ?? .user,
                content: content.text,
                attachments: content.attachments
            )
        )
        keepMessage(role: name, content: fields["content"] ?? .null, id: try fields.text("id"))
    }

    /// A call belongs to what the assistant said just before it: the formats of other models have both in one message.
    private mutating func readCall(_ fields: OpenAIFields, _ item: JSONValue) throws(RequestProblem) {
        let call = ToolCall(
            id: try fields.requiredText("call_id"),
            name: try fields.requiredText("name"),
            arguments: Array(try fields.requiredText("arguments").utf8)
        )
        if messages.last?.role != .assistant { messages.append(ChatMessage(role: .assistant, content: "")) }
        messages[messages.count - 1].toolCalls.append(call)
        keep(item)
    }

    private mutating func readResult(_ fields: OpenAIFields, _ item: JSONValue) throws(RequestProblem) {
        let id = try fields.requiredText("call_id")
        let output = try OpenAIResponsesContent("output", of: fields)
        messages.append(
            ChatMessage(role: .tool, content: output.text, attachments: output.attachments, toolCallID: id)
        )
        keep(item)
    }

    /// Keeps a message with its content as parts.
    private mutating func keepMessage(role: String, content: JSONValue, id: String?) {
        var parts = content
        if case .string = content {
            let isAnswer = role == "assistant"
            let part = [
                JSONValue.Member("type", isAnswer ? "output_text" : "input_text"), JSONValue.Member("text", content),
            ]
            parts = .array([.object(part + (isAnswer ? [JSONValue.Member("annotations", .array([]))] : []))])
        }
        let head = id.map { [JSONValue.Member("id", $0)] } ?? []
        items.append(
            .object(
                head + [
                    JSONValue.Member("type", "message"), JSONValue.Member("role", role),
                    JSONValue.Member("status", "completed"), JSONValue.Member("content", parts),
                ]
            )
        )
    }

    /// Keeps a call or its result as it came, with the status that it may lack.
    private mutating func keep(_ item: JSONValue) {
        var members = (item.members ?? []).filter { !$0.value.isNull }
        if item["status"]?.isNull ?? true { members.append(JSONValue.Member("status", "completed")) }
        items.append(.object(members))
    }

    /// Whether items of this type come of tools that are not functions: they are taken, and say nothing here.
    private static func isHosted(_ type: String) -> Bool {
        type.hasSuffix("_call") || type.hasSuffix("_call_output") || type.hasPrefix("mcp_") || type == "compaction"
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Reads `messages` (openai-chat.md 1.1).
enum OpenAIMessages {
    private static let roles = ["developer", "system", "user", "assistant", "tool", "function"]

    static func read(_ body: OpenAIFields) throws(RequestProblem) -> [ChatMessage] {
        guard let items = try body.items("messages") else { throw OpenAIObjection.missing("messages") }
        guard !items.isEmpty else { throw OpenAIObjection.empty("messages") }
        var messages: [ChatMessage] = []
        messages.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            messages.append(try message(body.item(item, of: "messages", at: index)))
        }
        try checkToolResults(messages)
        return messages
    }

    private static func message(_ fields: OpenAIFields) throws(RequestProblem) -> ChatMessage {
        let role = try fields.requiredWord("role", of: roles)
        switch role {
        case "assistant": return try assistant(fields)
        case "tool":
            let content = try requiredContent(fields, parts: ["text"])
            let id = try fields.requiredText("tool_call_id")
            return ChatMessage(role: .tool, content: content.text, toolCallID: id, name: try fields.text("name"))
        case "function":
            let content = try OpenAIContent(of: fields, parts: ["text"])
            return ChatMessage(role: .tool, content: content?.text ?? "", name: try fields.requiredText("name"))
        default:
            let role = ChatMessage.Role(rawValue: role) ?? .user
            let parts = role == .user ? ["text", "image_url", "input_audio", "file"] : ["text"]
            let content = try requiredContent(fields, parts: parts)
            let name = try fields.text("name")
            return ChatMessage(role: role, content: content.text, attachments: content.attachments, name: name)
        }
    }

    private static func requiredContent(
        _ fields: OpenAIFields,
        parts: [String]
    ) throws(RequestProblem) -> OpenAIContent {
        guard let content = try OpenAIContent(of: fields, parts: parts) else {
            throw OpenAIObjection.missing(fields.parameter("content"))
        }
        return content
    }

    /// Its refusal is its text where it has no other.
    private static func assistant(_ fields: OpenAIFields) throws(RequestProblem) -> ChatMessage {
        let content = try OpenAIContent(of: fields, parts: ["text", "refusal"])
        let refusal = try fields.text("refusal")
        let calls = try toolCalls(fields)
        guard content != nil || refusal != nil || !calls.isEmpty || fields["audio"] != nil else {
            throw OpenAIObjection.missing(fields.parameter("content"))
        }
        return ChatMessage(
            role: .assistant,
            content: content?.text ?? refusal ?? "",
            toolCalls: calls,
            name: try fields.text("name")
        )
    }

    private static func toolCalls(_ fields: OpenAIFields) throws(RequestProblem) -> [ToolCall] {
        var calls: [ToolCall] = []
        for (index, item) in (try fields.items("tool_calls") ?? []).enumerated() {
            let call = try fields.item(item, of: "tool_calls", at: index)
            let type = try call.requiredWord("type", of: ["function", "custom"])
            let id = try call.requiredText("id")
            let tool = try call.requiredFields(type)
            calls.append(try toolCall(tool, id: id, input: type == "custom" ? "input" : "arguments"))
        }
        if let function = try fields.fields("function_call") {
            calls.append(try toolCall(function, id: "", input: "arguments"))
        }
        return calls
    }

    private static func toolCall(
        _ tool: OpenAIFields,
        id: String,
        input: String
    ) throws(RequestProblem) -> ToolCall {
        let name = try tool.requiredText("name")
        return ToolCall(id: id, name: name, arguments: Array(try tool.requiredText(input).utf8))
    }

    /// Each call of an assistant has to be answered before anyone else speaks, and each result needs its call.
    private static func checkToolResults(_ messages: [ChatMessage]) throws(RequestProblem) {
        var asked: Set<String> = []
        var open: Set<String> = []
        for (index, message) in messages.enumerated() {
            if let id = message.toolCallID {
                guard asked.contains(id) else {
                    let reason = "'\(OpenAIObjection.quoted(id))' is no tool call of the assistant message before it."
                    throw OpenAIObjection.invalid("messages[\(index)].tool_call_id", reason)
                }
                open.remove(id)
                continue
            }
            try checkAnswered(open, before: index)
            asked = Set(message.toolCalls.lazy.map(\.id).filter { !$0.isEmpty })
            open = asked
        }
        try checkAnswered(open, before: messages.count)
    }

    private static func checkAnswered(_ open: Set<String>, before index: Int) throws(RequestProblem) {
        guard let id = open.min() else { return }
        let reason =
            "the tool call '\(OpenAIObjection.quoted(id))' needs a 'tool' message that answers it at this place."
        throw OpenAIObjection.invalid("messages[\(index)]", reason)
    }
}

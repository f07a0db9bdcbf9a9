// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Reads messages and tools of Ollama's requests (ollama.md, Endpoints).
enum OllamaConversation {
    static func messages(_ field: BodyField?) throws(RequestProblem) -> [ChatMessage] {
        var messages: [ChatMessage] = []
        for item in try field?.items() ?? [] { messages.append(try message(item.object())) }
        return messages
    }

    /// - Parameter field: `images`, each its data in base64.
    static func images(_ field: BodyField?) throws(RequestProblem) -> [Attachment] {
        var images: [Attachment] = []
        for item in try field?.items() ?? [] { images.append(Attachment(kind: .image, source: try item.text())) }
        return images
    }

    static func tools(_ field: BodyField?) throws(RequestProblem) -> [ToolDefinition] {
        var tools: [ToolDefinition] = []
        for item in try field?.items() ?? [] {
            let function = try item.object().required("function").object()
            tools.append(
                ToolDefinition(
                    name: try function.required("name").text(),
                    description: try function.optional("description")?.text(),
                    parameters: try function.optional("parameters")?.object().value
                )
            )
        }
        return tools
    }

    private static func message(_ field: BodyField) throws(RequestProblem) -> ChatMessage {
        let word = try field.required("role")
        guard let role = ChatMessage.Role(rawValue: try word.text().lowercased()) else {
            let roles = ChatMessage.Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw word.problem("\"\(word.path)\" has to be one of \(roles).")
        }
        var message = ChatMessage(
            role: role,
            content: try field.optional("content")?.text() ?? "",
            attachments: try images(field.optional("images")),
            toolCalls: try calls(field.optional("tool_calls")),
            toolCallID: try field.optional("tool_call_id")?.text(),
            name: try field.optional("tool_name")?.text()
        )
        message.reasoning = try field.optional("thinking")?.text() ?? ""
        return message
    }

    private static func calls(_ field: BodyField?) throws(RequestProblem) -> [ToolCall] {
        var calls: [ToolCall] = []
        for item in try field?.items() ?? [] {
            let function = try item.object().required("function").object()
            calls.append(
                ToolCall(
                    id: try item.optional("id")?.text() ?? "",
                    name: try function.required("name").text(),
                    arguments: try function.optional("arguments")?.object().value.jsonBytes ?? Array("{}".utf8)
                )
            )
        }
        return calls
    }
}

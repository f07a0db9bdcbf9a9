// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Reads `systemInstruction` and `contents`.
enum GeminiConversation {
    static func messages(_ body: BodyField) throws(RequestProblem) -> [ChatMessage] {
        var messages: [ChatMessage] = []
        if let instruction = body.either("systemInstruction") {
            messages += try read(try instruction.object(), as: .system)
        }
        let contents = try body.required("contents").objects()
        guard !contents.isEmpty else {
            throw RequestProblem(
                code: "invalid_value",
                message: "\"contents\" is empty; it needs at least one content.",
                parameter: "contents"
            )
        }
        for content in contents { messages += try read(content, as: try role(content)) }
        return messages
    }

    /// The texts of a content, one after the other.
    static func text(_ content: BodyField) throws(RequestProblem) -> String {
        try read(content, as: .user).map(\.content).joined()
    }

    private static func role(_ content: BodyField) throws(RequestProblem) -> ChatMessage.Role {
        guard let field = content.optional("role") else { return .user }
        switch try field.text() {
        // The results of functions are the user's, or have this role of their own.
        case "user", "function", "": return .user
        case "model": return .assistant
        default: throw field.problem("\"\(field.path)\" has to be \"user\" or \"model\".")
        }
    }

    /// One message, and one more for each result of a function.
    private static func read(_ content: BodyField, as role: ChatMessage.Role) throws(RequestProblem) -> [ChatMessage] {
        guard let parts = try content.optional("parts")?.objects(), !parts.isEmpty else {
            let path = content.path + ".parts"
            throw RequestProblem(
                code: "invalid_value",
                message: "\"\(path)\" must not be empty.",
                parameter: path
            )
        }
        var messages: [ChatMessage] = []
        var message = ChatMessage(role: role, content: "")
        for part in parts {
            if let response = part.either("functionResponse") {
                if message != ChatMessage(role: role, content: "") { messages.append(message) }
                message = ChatMessage(role: role, content: "")
                messages.append(try result(try response.object()))
            } else {
                try add(part, to: &message)
            }
        }
        if messages.isEmpty || message != ChatMessage(role: role, content: "") { messages.append(message) }
        return messages
    }

    /// Parts of other kinds are passed over.
    private static func add(_ part: BodyField, to message: inout ChatMessage) throws(RequestProblem) {
        if let text = try part.optional("text")?.text() {
            if try part.optional("thought")?.flag() == true {
                message.reasoning += text
            } else {
                message.content += text
            }
        }
        let call = try part.either("functionCall")?.object()
        if let signature = try part.either("thoughtSignature")?.text() {
            // That of the first call counts: the API insists on it.
            let isFirstCall = call != nil && message.toolCalls.isEmpty
            if isFirstCall || message.reasoningSignature == nil { message.reasoningSignature = signature }
        }
        if let call {
            message.toolCalls.append(
                ToolCall(
                    id: try call.optional("id")?.text() ?? "",
                    name: try call.required("name").text(),
                    arguments: try call.optional("args")?.object().value.jsonBytes ?? Array("{}".utf8)
                )
            )
        }
        if let blob = try part.either("inlineData")?.object() {
            message.attachments.append(try attachment(blob, source: try blob.required("data")))
        }
        if let file = try part.either("fileData")?.object() {
            let address = try file.requiredEither("fileUri")
            message.attachments.append(try attachment(file, source: address))
        }
    }

    private static func attachment(_ part: BodyField, source: BodyField) throws(RequestProblem) -> Attachment {
        let type = try part.either("mimeType")?.text()
        let kind = type.flatMap { $0.split(separator: "/").first }.flatMap { Attachment.Kind(rawValue: String($0)) }
        return Attachment(kind: kind ?? .file, mediaType: type, source: try source.text())
    }

    /// The SDKs put what a function gave into a member `result`, `output` or `error`: alone, it is the content.
    private static func result(_ response: BodyField) throws(RequestProblem) -> ChatMessage {
        let value = try response.optional("response")?.object().value ?? .object([])
        var content = value
        var isError = false
        let names = ["result", "output", "error"]
        if let member = value.members?.first, value.members?.count == 1, names.contains(member.name) {
            content = member.value
            isError = member.name == "error"
        }
        var message = ChatMessage(
            role: .tool,
            content: content.text ?? String(decoding: content.jsonBytes, as: UTF8.self),
            toolCallID: try response.optional("id")?.text(),
            name: try response.required("name").text()
        )
        message.isError = isError
        return message
    }
}

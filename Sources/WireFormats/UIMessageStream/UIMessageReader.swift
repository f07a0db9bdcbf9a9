// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Reads UI messages, which have parts (ai-sdk-ui-stream.md, part 1), as turns of a conversation.
///
/// An assistant's message may hold several steps of a model with the results of its tools between them: each step
/// becomes a turn of the assistant and one of each tool. Parts that say nothing to a model are passed over.
struct UIMessageReader {
    private(set) var messages: [ChatMessage] = []
    /// The turn that is being gathered, and the results that follow it.
    private var turn = ChatMessage(role: .user, content: "")
    private var results: [ChatMessage] = []

    mutating func read(_ field: BodyField) throws(RequestProblem) {
        let word = try field.object().required("role")
        let roles: [ChatMessage.Role] = [.system, .user, .assistant]
        guard let role = ChatMessage.Role(rawValue: try word.text()), roles.contains(role) else {
            throw word.problem("\"\(word.path)\" has to be \"system\", \"user\" or \"assistant\".")
        }
        turn = ChatMessage(role: role, content: "")
        if let parts = field.optional("parts") {
            for part in try parts.items() { try readPart(part.object()) }
        } else {
            // Messages as the SDK had them before version 5.
            turn.content = try field.required("content").text()
        }
        endTurn(isLast: true)
    }

    private mutating func readPart(_ part: BodyField) throws(RequestProblem) {
        let type = try part.required("type").text()
        switch type {
        case "text": turn.content += try part.required("text").text()
        case "file": turn.attachments.append(try Self.file(part))
        case "step-start": endTurn(isLast: false)
        case "dynamic-tool": try readTool(part, name: part.required("toolName").text())
        case _ where type.hasPrefix("tool-"): try readTool(part, name: String(type.dropFirst("tool-".count)))
        default: break
        }
    }

    private static func file(_ part: BodyField) throws(RequestProblem) -> Attachment {
        let mediaType = try part.required("mediaType").text()
        let kind: Attachment.Kind =
            if mediaType.hasPrefix("image/") { .image } else if mediaType.hasPrefix("audio/") { .audio } else { .file }
        return Attachment(kind: kind, mediaType: mediaType, source: try part.required("url").text())
    }

    private mutating func readTool(_ part: BodyField, name: String) throws(RequestProblem) {
        let id = try part.required("toolCallId").text()
        let state = try part.required("state")
        let word = try state.text()
        let result: String?
        switch word {
        // The model had not said all of the call.
        case "input-streaming": return
        case "input-available", "approval-requested", "approval-responded": result = nil
        case "output-available": result = part.optional("output").map { Self.text(of: $0.value) } ?? ""
        case "output-error": result = try part.optional("errorText")?.text() ?? "The tool failed."
        case "output-denied": result = "The user did not allow this call."
        default: throw state.problem("\"\(state.path)\" is \"\(word)\", which is no state of a tool.")
        }
        let input = part.optional("input")?.value ?? .object([])
        turn.toolCalls.append(ToolCall(id: id, name: name, arguments: input.jsonBytes))
        guard let result else { return }
        results.append(ChatMessage(role: .tool, content: result, toolCallID: id, name: name))
    }

    /// Text as it is, anything else as JSON.
    private static func text(of output: JSONValue) -> String {
        output.text ?? String(decoding: output.jsonBytes, as: UTF8.self)
    }

    private mutating func endTurn(isLast: Bool) {
        let isEmpty = turn.content.isEmpty && turn.attachments.isEmpty && turn.toolCalls.isEmpty
        // An assistant's step may have held nothing but thoughts; what a user sends is a turn even when empty.
        if !isEmpty || isLast && turn.role != .assistant { messages.append(turn) }
        messages += results
        turn = ChatMessage(role: turn.role, content: "")
        results = []
    }
}

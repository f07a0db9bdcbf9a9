// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// A content block of a message that a request brings (anthropic-messages.md, part 1).
enum AnthropicBlock {
    case text(String)
    case attachment(Attachment)
    case toolUse(ToolCall)
    /// A message of the role `tool`.
    case toolResult(ChatMessage)
    /// What the model thought, and the proof of it.
    case thinking(String, signature: String)
    /// What nobody can read, or tools of the server did: accepted, and not passed on.
    case silent

    /// Reads a block.
    /// - Parameter role: Who speaks: some kinds are for one side only.
    init(_ field: AnthropicField, role: ChatMessage.Role, version: AnthropicVersion) throws(RequestProblem) {
        let type = try field.object().required("type").text()
        let block = field.tagged(type)
        switch type {
        case "text":
            if version == .october2026, role == .user { try Self.refuseCitations(block) }
            self = .text(try block.required("text").text())
        case "image": self = .attachment(try Self.attachment(.image, block))
        case "document":
            guard version != .october2026 || role != .assistant else {
                throw field.problem("an assistant's message takes no `document` blocks in version \(version.rawValue)")
            }
            self = .attachment(try Self.attachment(.file, block))
        case "search_result": self = .text(try Self.joinedText(block.required("content")))
        case "tool_use":
            guard role == .assistant else { throw field.problem("only an assistant's message takes `tool_use` blocks") }
            self = .toolUse(try Self.toolCall(block))
        case "tool_result":
            guard role == .user else { throw field.problem("only a user's message takes `tool_result` blocks") }
            self = .toolResult(try Self.toolResult(block, version: version))
        case "thinking":
            let thought = try block.required("thinking").text()
            self = .thinking(thought, signature: try block.required("signature").text())
        case "redacted_thinking":
            _ = try block.required("data").text()
            self = .silent
        case _ where Self.isOfServerTool(type): self = .silent
        default:
            throw field.problem(
                "no such `type` of block; it takes text, image, document, search_result, tool_use, tool_result, "
                    + "thinking, redacted_thinking and the blocks of server tools"
            )
        }
    }

    /// The text of a string or of a list of text blocks.
    static func joinedText(_ field: AnthropicField) throws(RequestProblem) -> String {
        if let text = field.value.text { return text }
        var text = ""
        for item in try field.items() {
            _ = try item.object().required("type").word(of: ["text"])
            text += try item.tagged("text").required("text").text()
        }
        return text
    }

    private static func refuseCitations(_ block: AnthropicField) throws(RequestProblem) {
        guard let citations = block.optional("citations"), try !citations.items().isEmpty else { return }
        let version = AnthropicVersion.october2026.rawValue
        throw citations.problem("a user's text takes no citations in version \(version)")
    }

    private static func toolCall(_ block: AnthropicField) throws(RequestProblem) -> ToolCall {
        ToolCall(
            id: try block.required("id").nonEmptyText(),
            name: try block.required("name").nonEmptyText(),
            arguments: try block.required("input").object().value.jsonBytes
        )
    }

    private static func toolResult(
        _ block: AnthropicField,
        version: AnthropicVersion
    ) throws(RequestProblem) -> ChatMessage {
        let id = try block.required("tool_use_id").nonEmptyText()
        var result = ChatMessage(role: .tool, content: "", toolCallID: id)
        result.isError = try block.optional("is_error")?.bool() ?? false
        guard let content = block.optional("content") else { return result }
        if let text = content.value.text {
            result.content = text
            return result
        }
        for item in try content.items() {
            switch try AnthropicBlock(item, role: .tool, version: version) {
            case .text(let text): result.content += text
            case .attachment(let attachment): result.attachments.append(attachment)
            case .toolUse, .toolResult, .thinking, .silent: break
            }
        }
        return result
    }

    private static func attachment(
        _ kind: Attachment.Kind,
        _ block: AnthropicField
    ) throws(RequestProblem) -> Attachment {
        let source = try block.required("source").object()
        let types = ["base64", "url", "file"] + (kind == .file ? ["text", "content"] : [])
        let type = try source.required("type").word(of: types)
        let content = source.tagged(type)
        switch type {
        case "url": return Attachment(kind: kind, source: try content.required("url").text())
        case "file": return Attachment(kind: kind, source: try content.required("file_id").text())
        case "content":
            let text = try joinedText(content.required("content"))
            return Attachment(kind: kind, mediaType: "text/plain", source: text)
        default:
            let mediaType = try content.required("media_type").text()
            return Attachment(kind: kind, mediaType: mediaType, source: try content.required("data").text())
        }
    }

    /// Blocks that the service's own tools leave in an answer, and that clients send back with it.
    private static func isOfServerTool(_ type: String) -> Bool {
        type == "server_tool_use" || type == "mcp_tool_use" || type.hasSuffix("_tool_result")
            || ["container_upload", "tool_reference", "compaction"].contains(type)
    }
}

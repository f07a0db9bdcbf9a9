// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Writes `messages` (anthropic-messages.md, part 1): user and assistant take turns, and the results of tools are the
/// user's.
struct AnthropicMessageWriter {
    /// The client's format.
    let format: WireFormat
    var losses: EncodingLosses

    /// All messages but the system's.
    mutating func append(_ messages: [ChatMessage], to text: inout JSONText) {
        var turns: [(role: String, blocks: [[UInt8]])] = []
        for message in OpenAICallIDs.completed(messages) where message.role != .system && message.role != .developer {
            let blocks = blocks(of: message)
            guard !blocks.isEmpty else { continue }
            let role = message.role == .assistant ? "assistant" : "user"
            if let last = turns.indices.last, turns[last].role == role {
                turns[last].blocks += blocks
            } else {
                turns.append((role, blocks))
            }
        }
        text.arrayMember("messages") { text in
            for turn in turns {
                text.object { text in
                    text.member("role", turn.role)
                    text.arrayMember("content") { text in
                        for block in turn.blocks { text.json(block) }
                    }
                }
            }
        }
    }

    /// None where nothing is said: the API refuses blocks of empty text.
    private mutating func blocks(of message: ChatMessage) -> [[UInt8]] {
        if message.role == .tool { return [toolResult(message)] }
        losses.add("is_error", if: message.isError)
        var blocks: [[UInt8]] = []
        if message.role == .assistant, let signature = message.anthropicSignature(from: format) {
            blocks.append(Self.thinking(message.reasoning, signature: signature))
        } else {
            losses.add(
                "reasoning of earlier turns",
                if: !message.reasoning.isEmpty || message.reasoningSignature != nil
            )
        }
        blocks += content(of: message)
        for call in message.toolCalls { blocks.append(toolUse(call)) }
        return blocks
    }

    private mutating func content(of message: ChatMessage) -> [[UInt8]] {
        var blocks: [[UInt8]] = []
        if !message.content.isEmpty { blocks.append(Self.textBlock(message.content)) }
        // An assistant's messages take no images and documents.
        let attached = message.role == .assistant ? [] : message.attachments.compactMap { attachment($0) }
        losses.add("attachments", if: attached.count < message.attachments.count)
        return blocks + attached
    }

    private mutating func toolResult(_ message: ChatMessage) -> [UInt8] {
        let blocks = content(of: message)
        return JSONText.object { text in
            text.member("type", "tool_result")
            text.member("tool_use_id", Self.plainID(message.toolCallID ?? ""))
            if message.attachments.isEmpty {
                text.member("content", message.content)
            } else {
                text.arrayMember("content") { text in
                    for block in blocks { text.json(block) }
                }
            }
            if message.isError { text.member("is_error", true) }
        }
    }

    private mutating func toolUse(_ call: ToolCall) -> [UInt8] {
        let input = losses.arguments(of: call)
        return JSONText.object { text in
            text.member("type", "tool_use")
            text.member("id", Self.plainID(call.id))
            text.member("name", call.name)
            text.name("input")
            text.json(input)
        }
    }

    private static func textBlock(_ content: String) -> [UInt8] {
        JSONText.object { text in
            text.member("type", "text")
            text.member("text", content)
        }
    }

    private static func thinking(_ reasoning: String, signature: String) -> [UInt8] {
        JSONText.object { text in
            text.member("type", "thinking")
            text.member("thinking", reasoning)
            text.member("signature", signature)
        }
    }

    /// Nil where the API has no place for it: audio, files that are no PDF, files of other services.
    private func attachment(_ attachment: Attachment) -> [UInt8]? {
        guard attachment.kind != .audio, let source = OpenAIAttachment(attachment, from: format) else { return nil }
        let isImage = attachment.kind == .image
        let members: [(String, String)]
        switch source {
        case .id: return nil
        case .address(let url): members = [("type", "url"), ("url", url)]
        case .text(let content):
            members = [("type", "text"), ("media_type", "text/plain"), ("data", content)]
        case .data:
            guard let data = source.base64 else { return nil }
            let type = source.mediaType ?? attachment.mediaType ?? (isImage ? "image/png" : "application/pdf")
            guard isImage || type == "application/pdf" else { return nil }
            members = [("type", "base64"), ("media_type", type), ("data", String(data))]
        }
        return JSONText.object { text in
            text.member("type", isImage ? "image" : "document")
            text.objectMember("source") { text in
                for (name, value) in members { text.member(name, value) }
            }
        }
    }

    /// An id as the API takes it: letters, digits, `_` and `-`.
    private static func plainID(_ id: String) -> String {
        String(id.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" })
    }
}

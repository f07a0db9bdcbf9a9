// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Writes `systemInstruction` and `contents` (gemini.md, Request).
struct GeminiContentWriter {
    /// The client's format.
    let format: WireFormat
    var losses: EncodingLosses
    /// Names of the tools called so far, by the ids of the calls.
    private var toolNames: [String: String] = [:]

    init(format: WireFormat, losses: EncodingLosses) {
        self.format = format
        self.losses = losses
    }

    mutating func append(_ messages: [ChatMessage], to text: inout JSONText) {
        let system = messages.filter { $0.role == .system || $0.role == .developer }
        losses.add("attachments", if: system.contains { !$0.attachments.isEmpty })
        let instruction = system.map(\.content).filter { !$0.isEmpty }.joined(separator: "\n\n")
        if !instruction.isEmpty {
            text.objectMember("systemInstruction") { text in
                text.arrayMember("parts") { text in
                    text.object { $0.member("text", instruction) }
                }
            }
        }
        let turns = turns(of: messages)
        text.arrayMember("contents") { text in
            for turn in turns {
                text.object { text in
                    text.member("role", turn.role == .assistant ? "model" : "user")
                    text.arrayMember("parts") { text in
                        for part in turn.parts { text.json(part) }
                    }
                }
            }
        }
    }

    /// The results of calls that were made at once have to come in one content.
    private mutating func turns(of messages: [ChatMessage]) -> [(role: ChatMessage.Role, parts: [[UInt8]])] {
        var turns: [(role: ChatMessage.Role, parts: [[UInt8]])] = []
        for message in messages where message.role != .system && message.role != .developer {
            let parts = message.role == .tool ? [functionResponse(message)] : parts(of: message)
            if message.role == .tool, let last = turns.indices.last, turns[last].role == .tool {
                turns[last].parts += parts
            } else {
                turns.append((message.role, parts))
            }
        }
        return turns
    }

    /// At least one: the API refuses a content without.
    private mutating func parts(of message: ChatMessage) -> [[UInt8]] {
        losses.add("is_error", if: message.isError)
        var signature = signature(of: message)
        var parts: [[UInt8]] = []
        if !message.reasoning.isEmpty { parts.append(Self.thought(message.reasoning)) }
        let attached = message.attachments.compactMap { attachment($0) }
        losses.add("attachments", if: attached.count < message.attachments.count)
        let isSilent = message.toolCalls.isEmpty && attached.isEmpty
        // With calls, the first of them bears it.
        let own = message.toolCalls.isEmpty ? signature : nil
        if !message.content.isEmpty || isSilent || own != nil {
            parts.append(
                JSONText.object { text in
                    text.member("text", message.content)
                    if let own { text.member("thoughtSignature", own) }
                }
            )
        }
        parts += attached
        for call in message.toolCalls {
            parts.append(functionCall(call, signature: signature))
            signature = nil
        }
        return parts
    }

    /// Only Gemini's own clients have Gemini's signatures.
    private mutating func signature(of message: ChatMessage) -> String? {
        guard let signature = message.reasoningSignature, !signature.isEmpty else { return nil }
        losses.add("reasoning signature", if: format != .gemini)
        return format == .gemini ? signature : nil
    }

    private static func thought(_ reasoning: String) -> [UInt8] {
        JSONText.object { text in
            text.member("text", reasoning)
            text.member("thought", true)
        }
    }

    private mutating func functionCall(_ call: ToolCall, signature: String?) -> [UInt8] {
        if !call.id.isEmpty { toolNames[call.id] = call.name }
        let arguments = losses.arguments(of: call)
        return JSONText.object { text in
            text.objectMember("functionCall") { text in
                if !call.id.isEmpty { text.member("id", call.id) }
                text.member("name", call.name)
                text.name("args")
                text.json(arguments)
            }
            if let signature { text.member("thoughtSignature", signature) }
        }
    }

    /// The API's own names for what a function gave are `output` and `error`.
    private mutating func functionResponse(_ message: ChatMessage) -> [UInt8] {
        losses.add("attachments", if: !message.attachments.isEmpty)
        let id = message.toolCallID ?? ""
        return JSONText.object { text in
            text.objectMember("functionResponse") { text in
                if !id.isEmpty { text.member("id", id) }
                text.member("name", toolNames[id] ?? message.name ?? "unknown")
                text.objectMember("response") { $0.member(message.isError ? "error" : "output", message.content) }
            }
        }
    }

    /// Nil for a file of another service, and for data of an unknown type.
    private func attachment(_ attachment: Attachment) -> [UInt8]? {
        if attachment.source.hasPrefix("gs://") {
            return Self.fileData(attachment.source, mediaType: attachment.mediaType)
        }
        let source = OpenAIAttachment(attachment, from: format)
        switch source {
        case .address(let url): return Self.fileData(url, mediaType: attachment.mediaType)
        case .data:
            let type = source?.mediaType ?? attachment.mediaType
            guard let type, let data = source?.base64 else { return nil }
            return JSONText.object { text in
                text.objectMember("inlineData") { text in
                    text.member("mimeType", type)
                    text.member("data", String(data))
                }
            }
        case .text(let content): return JSONText.object { $0.member("text", content) }
        case .id, nil: return nil
        }
    }

    private static func fileData(_ address: String, mediaType: String?) -> [UInt8] {
        JSONText.object { text in
            text.objectMember("fileData") { text in
                if let mediaType { text.member("mimeType", mediaType) }
                text.member("fileUri", address)
            }
        }
    }
}

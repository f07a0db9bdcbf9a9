// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Writes `instructions` and `input` (openai-responses.md 2.1).
struct OpenAIResponsesInputWriter {
    /// The client's format.
    let format: WireFormat
    var losses: EncodingLosses

    /// The first message is the instructions where it is the system's and others follow: `input` is never empty.
    mutating func append(_ messages: [ChatMessage], to text: inout JSONText) {
        // A result's name is its call's; speakers have none.
        losses.add("name", if: messages.contains { $0.role != .tool && $0.name != nil })
        var messages = OpenAICallIDs.completed(messages)[...]
        if messages.count > 1, let first = messages.first, Self.isInstructions(first) {
            text.member("instructions", first.content)
            messages.removeFirst()
        }
        text.arrayMember("input") { text in
            for message in messages { append(message, to: &text) }
        }
    }

    private static func isInstructions(_ message: ChatMessage) -> Bool {
        (message.role == .system || message.role == .developer) && message.attachments.isEmpty
    }

    private mutating func append(_ message: ChatMessage, to text: inout JSONText) {
        guard message.role != .tool else {
            text.object { text in
                text.member("type", "function_call_output")
                text.member("call_id", message.toolCallID ?? "")
                appendContent(of: message, as: "output", to: &text)
            }
            return
        }
        let isSilent = message.content.isEmpty && message.attachments.isEmpty && !message.toolCalls.isEmpty
        if !isSilent {
            text.object { text in
                text.member("type", "message")
                text.member("role", message.role.rawValue)
                appendContent(of: message, as: "content", to: &text)
            }
        }
        for call in message.toolCalls {
            text.object { text in
                text.member("type", "function_call")
                text.member("call_id", call.id)
                text.member("name", call.name)
                text.member("arguments", String(decoding: call.arguments, as: UTF8.self))
            }
        }
    }

    /// Text alone as a string, which any role may have; assistants have nothing else.
    private mutating func appendContent(of message: ChatMessage, as name: String, to text: inout JSONText) {
        let parts = message.attachments.compactMap { OpenAIResponsesInputPart($0, from: format) }
            .filter { _ in message.role != .assistant }
        losses.add("attachments", if: parts.count < message.attachments.count)
        guard !parts.isEmpty else { return text.member(name, message.content) }
        text.arrayMember(name) { text in
            if !message.content.isEmpty { OpenAIResponsesInputPart.text(message.content).append(to: &text) }
            for part in parts { part.append(to: &text) }
        }
    }
}

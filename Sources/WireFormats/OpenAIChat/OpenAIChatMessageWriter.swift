// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Writes `messages` (openai-chat.md 1.1).
struct OpenAIChatMessageWriter {
    /// The client's format.
    let format: WireFormat
    var losses: EncodingLosses

    mutating func append(_ messages: [ChatMessage], to text: inout JSONText) {
        text.arrayMember("messages") { text in
            for message in OpenAICallIDs.completed(messages) { append(message, to: &text) }
        }
    }

    private mutating func append(_ message: ChatMessage, to text: inout JSONText) {
        let parts = parts(of: message)
        text.object { text in
            text.member("role", message.role.rawValue)
            if !parts.isEmpty {
                text.arrayMember("content") { text in
                    if !message.content.isEmpty { OpenAIChatPart.text(message.content).append(to: &text) }
                    for part in parts { part.append(to: &text) }
                }
            } else if message.content.isEmpty, !message.toolCalls.isEmpty {
                // An assistant that only calls has said nothing.
                text.nullMember("content")
            } else {
                text.member("content", message.content)
            }
            if message.role == .tool {
                text.member("tool_call_id", message.toolCallID ?? "")
            } else if let name = message.name {
                text.member("name", name)
            }
            if !message.toolCalls.isEmpty { Self.append(message.toolCalls, to: &text) }
        }
    }

    /// The attachments: only users have parts that are no text.
    private mutating func parts(of message: ChatMessage) -> [OpenAIChatPart] {
        let parts = message.attachments.compactMap { OpenAIChatPart($0, from: format) }
            .filter { message.role == .user || $0.isText }
        losses.add("attachments", if: parts.count < message.attachments.count)
        return parts
    }

    private static func append(_ calls: [ToolCall], to text: inout JSONText) {
        text.arrayMember("tool_calls") { text in
            for call in calls {
                text.object { text in
                    text.member("id", call.id)
                    text.member("type", "function")
                    text.objectMember("function") { text in
                        text.member("name", call.name)
                        text.member("arguments", String(decoding: call.arguments, as: UTF8.self))
                    }
                }
            }
        }
    }
}

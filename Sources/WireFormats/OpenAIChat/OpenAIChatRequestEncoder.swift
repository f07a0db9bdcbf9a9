// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// Writes a request as OpenAI's chat completions take it: `POST …/chat/completions`, streamed.
///
/// A member is written only where the request says something: some servers that call themselves compatible refuse what
/// they do not know.
public enum OpenAIChatRequestEncoder {
    /// - Parameter model: The upstream's own name of the model.
    public static func body(for request: ChatRequest, model: String) -> [UInt8] {
        JSONText.object { text in
            text.member("model", model)
            text.arrayMember("messages") { text in
                for message in request.messages { append(message, to: &text) }
            }
            text.member("stream", true)
            if request.wantsUsage {
                text.objectMember("stream_options") { $0.member("include_usage", true) }
            }
            appendLimits(of: request, to: &text)
            appendTools(of: request, to: &text)
            appendShape(request.shape, to: &text)
        }
    }

    private static func append(_ message: ChatMessage, to text: inout JSONText) {
        text.object { text in
            text.member("role", message.role.rawValue)
            if message.attachments.isEmpty {
                // An assistant that only calls has said nothing.
                let isSilent = message.content.isEmpty && !message.toolCalls.isEmpty
                if isSilent { text.nullMember("content") } else { text.member("content", message.content) }
            } else {
                text.arrayMember("content") { appendParts(of: message, to: &$0) }
            }
            if let id = message.toolCallID { text.member("tool_call_id", id) }
            guard !message.toolCalls.isEmpty else { return }
            text.arrayMember("tool_calls") { text in
                for call in message.toolCalls {
                    text.object { text in
                        text.member("id", call.id)
                        text.member("type", "function")
                        text.objectMember("function") { text in
                            text.member("name", call.name)
                            text.member("arguments", call.arguments)
                        }
                    }
                }
            }
        }
    }

    private static func appendParts(of message: ChatMessage, to text: inout JSONText) {
        if !message.content.isEmpty {
            text.object { text in
                text.member("type", "text")
                text.member("text", message.content)
            }
        }
        for attachment in message.attachments where attachment.kind == .image {
            text.object { text in
                text.member("type", "image_url")
                text.objectMember("image_url") { $0.member("url", url(of: attachment)) }
            }
        }
    }

    /// An address as it is; bare data as a `data:` URL.
    private static func url(of attachment: Attachment) -> String {
        let isURL = ["http://", "https://", "data:"].contains { attachment.source.hasPrefix($0) }
        return isURL ? attachment.source : "data:\(attachment.mediaType ?? "image/png");base64,\(attachment.source)"
    }

    private static func appendLimits(of request: ChatRequest, to text: inout JSONText) {
        if let most = request.maximumTokens { text.member("max_tokens", most) }
        if !request.stopSequences.isEmpty {
            text.arrayMember("stop") { text in
                for sequence in request.stopSequences { text.string(sequence) }
            }
        }
        if let seed = request.seed { text.member("seed", Int(truncatingIfNeeded: seed)) }
    }

    private static func appendTools(of request: ChatRequest, to text: inout JSONText) {
        guard !request.tools.isEmpty else { return }
        text.arrayMember("tools") { text in
            for tool in request.tools {
                text.object { text in
                    text.member("type", "function")
                    text.objectMember("function") { text in
                        text.member("name", tool.name)
                        if let description = tool.description { text.member("description", description) }
                        if let parameters = tool.parameters { text.member("parameters", parameters) }
                    }
                }
            }
        }
        switch request.toolChoice {
        case .auto: break
        case .none: text.member("tool_choice", "none")
        case .required: text.member("tool_choice", "required")
        case .named(let name):
            text.objectMember("tool_choice") { text in
                text.member("type", "function")
                text.objectMember("function") { $0.member("name", name) }
            }
        }
        if !request.allowsParallelToolCalls { text.member("parallel_tool_calls", false) }
    }

    private static func appendShape(_ shape: AnswerShape, to text: inout JSONText) {
        switch shape {
        case .text: break
        case .jsonObject: text.objectMember("response_format") { $0.member("type", "json_object") }
        case .jsonSchema(let schema):
            text.objectMember("response_format") { text in
                text.member("type", "json_schema")
                text.objectMember("json_schema") { text in
                    text.member("name", "answer")
                    text.member("schema", schema)
                }
            }
        }
    }
}

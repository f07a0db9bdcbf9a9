// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// Writes a request as Ollama takes it: `POST …/api/chat`, streamed (ollama.md, Endpoints).
public enum OllamaChatRequestEncoder {
    /// - Parameter model: The upstream's own name of the model.
    public static func encode(_ request: ChatRequest, model: String) -> EncodedRequest {
        var losses = losses(of: request)
        let body = JSONText.object { text in
            text.member("model", model)
            text.arrayMember("messages") { text in
                for message in named(request.messages) {
                    append(message, from: request.format, to: &text, losses: &losses)
                }
            }
            // There is no word for a choice, but tools that are not there are not called.
            if !request.tools.isEmpty, request.toolChoice != .none { append(request.tools, to: &text) }
            switch request.shape {
            case .text: break
            case .jsonObject: text.member("format", "json")
            case .jsonSchema(let schema): text.member("format", schema)
            }
            let options = options(of: request)
            if options != Array("{}".utf8) {
                text.name("options")
                text.json(options)
            }
            appendThinking(of: request, to: &text)
            text.member("stream", true)
        }
        return EncodedRequest(path: "/api/chat", body: body, losses: losses.names)
    }

    private static func losses(of request: ChatRequest) -> EncodingLosses {
        var losses = EncodingLosses(of: request)
        losses.add("tool_choice", if: request.toolChoice != .auto)
        losses.add("parallel_tool_calls", if: !request.allowsParallelToolCalls && !request.tools.isEmpty)
        losses.add("reasoning budget", if: (request.reasoning.budgetTokens ?? 0) > 0)
        for message in request.messages {
            losses.add("reasoning signature", if: message.reasoningSignature != nil)
            losses.add("is_error", if: message.isError)
        }
        return losses
    }

    /// The messages, each result with the name of its tool: few templates of models know ids.
    private static func named(_ messages: [ChatMessage]) -> [ChatMessage] {
        var toolNames: [String: String] = [:]
        return messages.map { message in
            for call in message.toolCalls where !call.id.isEmpty { toolNames[call.id] = call.name }
            guard message.role == .tool, message.name == nil else { return message }
            var named = message
            named.name = toolNames[message.toolCallID ?? ""]
            return named
        }
    }

    private static func append(
        _ message: ChatMessage,
        from format: WireFormat,
        to text: inout JSONText,
        losses: inout EncodingLosses
    ) {
        let images = message.attachments.compactMap { image($0, from: format) }
        losses.add("attachments", if: images.count < message.attachments.count)
        let calls = message.toolCalls.map { ($0, losses.arguments(of: $0)) }
        text.object { text in
            text.member("role", message.role == .developer ? "system" : message.role.rawValue)
            text.member("content", message.content)
            if !message.reasoning.isEmpty { text.member("thinking", message.reasoning) }
            if !images.isEmpty { text.arrayMember("images", of: images) }
            if !calls.isEmpty {
                text.arrayMember("tool_calls") { text in
                    for (call, arguments) in calls { append(call, arguments, to: &text) }
                }
            }
            guard message.role == .tool else { return }
            if let name = message.name { text.member("tool_name", name) }
            if let id = message.toolCallID { text.member("tool_call_id", id) }
        }
    }

    private static func append(_ call: ToolCall, _ arguments: [UInt8], to text: inout JSONText) {
        text.object { text in
            if !call.id.isEmpty { text.member("id", call.id) }
            text.objectMember("function") { text in
                text.member("name", call.name)
                text.name("arguments")
                text.json(arguments)
            }
        }
    }

    /// Its base64, which is all that the API takes; nil where it is elsewhere.
    private static func image(_ attachment: Attachment, from format: WireFormat) -> String? {
        guard attachment.kind == .image else { return nil }
        return OpenAIAttachment(attachment, from: format)?.base64.map(String.init)
    }

    private static func append(_ tools: [ToolDefinition], to text: inout JSONText) {
        text.arrayMember("tools") { text in
            for tool in tools {
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
    }

    private static func options(of request: ChatRequest) -> [UInt8] {
        JSONText.object { text in
            text.optionalMember("num_predict", request.maximumTokens)
            if !request.stopSequences.isEmpty { text.arrayMember("stop", of: request.stopSequences) }
            // Below 0 would be a seed of chance.
            text.optionalMember("seed", request.seed.map { Int(truncatingIfNeeded: $0 & UInt64(Int.max)) })
            text.optionalMember("temperature", request.sampling.temperature)
            text.optionalMember("top_p", request.sampling.topP)
            text.optionalMember("top_k", request.sampling.topK)
            text.optionalMember("frequency_penalty", request.sampling.frequencyPenalty)
            text.optionalMember("presence_penalty", request.sampling.presencePenalty)
        }
    }

    private static func appendThinking(of request: ChatRequest, to text: inout JSONText) {
        switch request.reasoning.effort {
        case .some(.none): text.member("think", false)
        case .minimal, .low: text.member("think", "low")
        case .medium: text.member("think", "medium")
        case .high: text.member("think", "high")
        case .xhigh, .max: text.member("think", "max")
        case nil:
            if request.reasoning.isOff {
                text.member("think", false)
            } else if request.wantsReasoning || request.reasoning.budgetTokens != nil {
                text.member("think", true)
            }
        }
    }
}

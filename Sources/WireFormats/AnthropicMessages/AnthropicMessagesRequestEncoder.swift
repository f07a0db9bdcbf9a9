// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// Writes a request as Anthropic's messages take it: `POST …/v1/messages`, streamed (anthropic-messages.md, part 1).
public enum AnthropicMessagesRequestEncoder {
    /// The API insists on a limit; this one where the client told none.
    private static let defaultMaximumTokens = 4096

    /// - Parameter model: The upstream's own name of the model.
    public static func encode(_ request: ChatRequest, model: String) -> EncodedRequest {
        var losses = losses(of: request)
        let budget = AnthropicThinkingBudget.tokens(of: request, losses: &losses)
        let limit = maximumTokens(of: request, budget: budget, losses: &losses)
        var writer = AnthropicMessageWriter(format: request.format, losses: losses)
        let body = JSONText.object { text in
            text.member("model", model)
            text.member("max_tokens", limit)
            let system = systemText(of: request, losses: &writer.losses)
            if !system.isEmpty { text.member("system", system) }
            writer.append(request.messages, to: &text)
            appendTools(of: request, to: &text)
            if !request.stopSequences.isEmpty { text.arrayMember("stop_sequences", of: request.stopSequences) }
            appendSampling(request.sampling, isThinking: budget != nil, to: &text, losses: &writer.losses)
            if let budget {
                text.objectMember("thinking") { text in
                    text.member("type", "enabled")
                    text.member("budget_tokens", budget)
                }
            }
            if case .jsonSchema(let schema) = request.shape { appendFormat(schema, to: &text) }
            text.member("stream", true)
        }
        return EncodedRequest(path: "/messages", body: body, losses: writer.losses.names)
    }

    private static func losses(of request: ChatRequest) -> EncodingLosses {
        var losses = EncodingLosses(of: request)
        losses.add("seed", if: request.seed != nil)
        losses.add("frequency_penalty", if: request.sampling.frequencyPenalty != nil)
        losses.add("presence_penalty", if: request.sampling.presencePenalty != nil)
        losses.add("response_format", if: request.shape == .jsonObject)
        return losses
    }

    /// The limit has to exceed what the model may think with.
    private static func maximumTokens(of request: ChatRequest, budget: Int?, losses: inout EncodingLosses) -> Int {
        let wanted = request.maximumTokens ?? defaultMaximumTokens
        guard let budget, wanted <= budget else { return wanted }
        losses.add("max_tokens", if: request.maximumTokens != nil)
        let (sum, overflows) = budget.addingReportingOverflow(max(wanted, 1))
        return overflows ? .max : sum
    }

    /// One text for the whole conversation, so that what was said later comes first as well.
    private static func systemText(of request: ChatRequest, losses: inout EncodingLosses) -> String {
        let messages = request.messages.filter { $0.role == .system || $0.role == .developer }
        losses.add("attachments", if: messages.contains { !$0.attachments.isEmpty })
        return messages.map(\.content).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// A model that thinks takes no temperature and no `top_k`, and a `top_p` from 0.95 on only.
    private static func appendSampling(
        _ sampling: Sampling,
        isThinking: Bool,
        to text: inout JSONText,
        losses: inout EncodingLosses
    ) {
        if let temperature = sampling.temperature {
            let clamped = min(max(temperature, 0), 1)
            losses.add("temperature", if: clamped != temperature || (isThinking && clamped != 1))
            if !isThinking { text.optionalMember("temperature", clamped) }
        }
        if let topP = sampling.topP {
            let isTaken = !isThinking || topP >= 0.95
            losses.add("top_p", if: !isTaken)
            if isTaken { text.optionalMember("top_p", topP) }
        }
        losses.add("top_k", if: isThinking && sampling.topK != nil)
        if !isThinking { text.optionalMember("top_k", sampling.topK) }
    }

    private static func appendFormat(_ schema: JSONValue, to text: inout JSONText) {
        text.objectMember("output_config") { text in
            text.objectMember("format") { text in
                text.member("type", "json_schema")
                text.member("schema", AnthropicSchema.closed(schema))
            }
        }
    }

    private static func appendTools(of request: ChatRequest, to text: inout JSONText) {
        guard !request.tools.isEmpty else { return }
        text.arrayMember("tools") { text in
            for tool in request.tools {
                text.object { text in
                    text.member("name", tool.name)
                    if let description = tool.description { text.member("description", description) }
                    text.member("input_schema", inputSchema(tool.parameters))
                }
            }
        }
        let isSequential = !request.allowsParallelToolCalls && request.toolChoice != .none
        guard request.toolChoice != .auto || isSequential else { return }
        text.objectMember("tool_choice") { text in
            switch request.toolChoice {
            case .auto: text.member("type", "auto")
            case .none: text.member("type", "none")
            case .required: text.member("type", "any")
            case .named(let name):
                text.member("type", "tool")
                text.member("name", name)
            }
            if isSequential { text.member("disable_parallel_tool_use", true) }
        }
    }

    /// The API insists on a schema, and on one of an object.
    private static func inputSchema(_ schema: JSONValue?) -> JSONValue {
        if let schema, schema["type"]?.text == "object" { return schema }
        let type = JSONValue.Member(name: "type", value: .string(Array("object".utf8)))
        return .object([type] + (schema?.members ?? []).filter { $0.name != "type" })
    }
}

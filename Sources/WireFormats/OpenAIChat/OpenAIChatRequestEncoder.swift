// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// Writes a request as OpenAI's chat completions take it: `POST …/chat/completions`, streamed.
///
/// A member is written only where the request says something: some servers that call themselves compatible refuse what
/// they do not know.
public enum OpenAIChatRequestEncoder {
    /// - Parameter model: The upstream's own name of the model.
    public static func encode(_ request: ChatRequest, model: String) -> EncodedRequest {
        var writer = OpenAIChatMessageWriter(format: request.format, losses: .openAI(request))
        let body = JSONText.object { text in
            text.member("model", model)
            writer.append(request.messages, to: &text)
            text.member("stream", true)
            if request.wantsUsage {
                text.objectMember("stream_options") { $0.member("include_usage", true) }
            }
            if let most = request.maximumTokens { text.member(limitName(request, model: model), most) }
            appendLimits(of: request, to: &text, losses: &writer.losses)
            appendSampling(request.sampling, to: &text, losses: &writer.losses)
            appendReasoning(of: request, to: &text, losses: &writer.losses)
            appendTools(of: request, to: &text)
            appendShape(request.shape, to: &text)
        }
        return EncodedRequest(path: "/chat/completions", body: body, losses: writer.losses.names)
    }

    /// OpenAI's models that reason refuse `max_tokens`; many compatible servers know no other name, and some refuse
    /// what they do not know. So the newer name is for those who are likely to know it: the client has used it, an
    /// effort is asked for, which came with the same models, or the model bears the name of one of them.
    private static func limitName(_ request: ChatRequest, model: String) -> String {
        let isNew = request.usesCompletionLimit || request.reasoning.openAIEffort != nil || isReasoning(model)
        return isNew ? "max_completion_tokens" : "max_tokens"
    }

    /// OpenAI's own names, such as `o3-mini` and `gpt-5.2`, also after that of a vendor: `openai/o1`.
    private static func isReasoning(_ model: String) -> Bool {
        let name = model.split(separator: "/").last ?? ""
        if name.first == "o" { return name.dropFirst().first?.isNumber ?? false }
        guard name.hasPrefix("gpt-") else { return false }
        let version = Int(name.dropFirst(4).prefix { $0.isNumber })
        return version.map { $0 >= 5 } ?? false
    }

    private static func appendLimits(of request: ChatRequest, to text: inout JSONText, losses: inout EncodingLosses) {
        if !request.stopSequences.isEmpty {
            let sequences = request.stopSequences.prefix(OpenAISampling.maximumStops)
            losses.add("stop", if: sequences.count < request.stopSequences.count)
            text.arrayMember("stop") { text in
                for sequence in sequences { text.string(sequence) }
            }
        }
        if let seed = request.seed { text.member("seed", Int(truncatingIfNeeded: seed)) }
    }

    private static func appendSampling(_ sampling: Sampling, to text: inout JSONText, losses: inout EncodingLosses) {
        text.sampling("temperature", sampling.temperature, losses: &losses)
        text.sampling("top_p", sampling.topP, losses: &losses)
        text.sampling("frequency_penalty", sampling.frequencyPenalty, losses: &losses)
        text.sampling("presence_penalty", sampling.presencePenalty, losses: &losses)
    }

    /// Whether reasoning is shown is the server's choice: it can be asked for by its effort alone.
    private static func appendReasoning(of request: ChatRequest, to text: inout JSONText, losses: inout EncodingLosses)
    {
        if let effort = request.reasoning.openAIEffort {
            text.member("reasoning_effort", effort.rawValue)
        } else {
            losses.add("reasoning", if: request.wantsReasoning)
        }
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

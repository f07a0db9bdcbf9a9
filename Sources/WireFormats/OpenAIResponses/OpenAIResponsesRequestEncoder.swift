// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// Writes a request as OpenAI's Responses take it: `POST …/responses`, streamed, and not kept there
/// (openai-responses.md 2).
public enum OpenAIResponsesRequestEncoder {
    /// The least that `max_output_tokens` may be.
    private static let leastTokens = 16

    /// - Parameter model: The upstream's own name of the model.
    public static func encode(_ request: ChatRequest, model: String) -> EncodedRequest {
        var writer = OpenAIResponsesInputWriter(format: request.format, losses: .openAI(request))
        let body = JSONText.object { text in
            text.member("model", model)
            writer.append(request.messages, to: &text)
            text.member("stream", true)
            text.member("store", false)
            if let most = request.maximumTokens {
                text.member("max_output_tokens", max(most, leastTokens))
                writer.losses.add("max_tokens", if: most < leastTokens)
            }
            text.sampling("temperature", request.sampling.temperature, losses: &writer.losses)
            text.sampling("top_p", request.sampling.topP, losses: &writer.losses)
            appendReasoning(of: request, to: &text)
            appendTools(of: request, to: &text)
            appendShape(request.shape, to: &text)
        }
        writer.losses.add("stop", if: !request.stopSequences.isEmpty)
        writer.losses.add("seed", if: request.seed != nil)
        writer.losses.add("frequency_penalty", if: request.sampling.frequencyPenalty != nil)
        writer.losses.add("presence_penalty", if: request.sampling.presencePenalty != nil)
        return EncodedRequest(path: "/responses", body: body, losses: writer.losses.names)
    }

    /// Reasoning is shown as a summary or not at all.
    private static func appendReasoning(of request: ChatRequest, to text: inout JSONText) {
        let effort = request.reasoning.openAIEffort
        guard effort != nil || request.wantsReasoning else { return }
        text.objectMember("reasoning") { text in
            if let effort { text.member("effort", effort.rawValue) }
            if request.wantsReasoning { text.member("summary", "auto") }
        }
    }

    /// Functions are strict here unless they say that they are not, and have to tell their parameters, be it `null`.
    private static func appendTools(of request: ChatRequest, to text: inout JSONText) {
        guard !request.tools.isEmpty else { return }
        text.arrayMember("tools") { text in
            for tool in request.tools {
                text.object { text in
                    text.member("type", "function")
                    text.member("name", tool.name)
                    if let description = tool.description { text.member("description", description) }
                    text.member("parameters", tool.parameters ?? .null)
                    text.member("strict", false)
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
                text.member("name", name)
            }
        }
        if !request.allowsParallelToolCalls { text.member("parallel_tool_calls", false) }
    }

    private static func appendShape(_ shape: AnswerShape, to text: inout JSONText) {
        guard shape != .text else { return }
        text.objectMember("text") { text in
            text.objectMember("format") { text in
                guard case .jsonSchema(let schema) = shape else { return text.member("type", "json_object") }
                text.member("type", "json_schema")
                text.member("name", "answer")
                text.member("schema", schema)
                text.member("strict", false)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// Writes a request as Gemini takes it: `POST …/v1beta/models/<model>:streamGenerateContent?alt=sse` (gemini.md).
public enum GeminiRequestEncoder {
    private static let mostStopSequences = 5

    /// - Parameter model: The upstream's own name of the model, with or without `models/` before it.
    public static func encode(_ request: ChatRequest, model: String) -> EncodedRequest {
        var writer = GeminiContentWriter(format: request.format, losses: losses(of: request))
        let body = JSONText.object { text in
            writer.append(request.messages, to: &text)
            appendTools(of: request, to: &text)
            let config = config(of: request)
            if config != Array("{}".utf8) {
                text.name("generationConfig")
                text.json(config)
            }
        }
        return EncodedRequest(
            path: path(to: "streamGenerateContent", of: model) + "?alt=sse",
            body: body,
            losses: writer.losses.names
        )
    }

    /// Where a model does something: `/models/<model>:<verb>`.
    static func path(to verb: String, of model: String) -> String {
        "/\(escaped(place(of: model))):\(verb)"
    }

    /// A model's name as the API has it.
    static func place(of model: String) -> String {
        model.hasPrefix("models/") || model.hasPrefix("tunedModels/") ? model : "models/" + model
    }

    private static func losses(of request: ChatRequest) -> EncodingLosses {
        var losses = EncodingLosses(of: request)
        losses.add("parallel_tool_calls", if: !request.allowsParallelToolCalls && !request.tools.isEmpty)
        losses.add("stop", if: request.stopSequences.count > mostStopSequences)
        return losses
    }

    private static func config(of request: ChatRequest) -> [UInt8] {
        JSONText.object { text in
            text.optionalMember("maxOutputTokens", request.maximumTokens)
            if !request.stopSequences.isEmpty {
                text.arrayMember("stopSequences", of: request.stopSequences.prefix(mostStopSequences))
            }
            text.optionalMember("temperature", request.sampling.temperature)
            text.optionalMember("topP", request.sampling.topP)
            text.optionalMember("topK", request.sampling.topK)
            // The API takes 32 bits: equal seeds stay equal.
            text.optionalMember("seed", request.seed.map { Int(Int32(truncatingIfNeeded: $0)) })
            text.optionalMember("frequencyPenalty", request.sampling.frequencyPenalty)
            text.optionalMember("presencePenalty", request.sampling.presencePenalty)
            appendShape(request.shape, to: &text)
            appendThinking(of: request, to: &text)
        }
    }

    private static func appendShape(_ shape: AnswerShape, to text: inout JSONText) {
        guard shape != .text else { return }
        text.member("responseMimeType", "application/json")
        if case .jsonSchema(let schema) = shape { text.member("responseJsonSchema", schema) }
    }

    /// A budget of 0 is no thinking; none leaves it to the model.
    private static func appendThinking(of request: ChatRequest, to text: inout JSONText) {
        let budget = request.reasoning.budget ?? request.reasoning.budgetTokens
        guard request.wantsReasoning || budget != nil else { return }
        text.objectMember("thinkingConfig") { text in
            if request.wantsReasoning { text.member("includeThoughts", true) }
            text.optionalMember("thinkingBudget", budget)
        }
    }

    private static func appendTools(of request: ChatRequest, to text: inout JSONText) {
        guard !request.tools.isEmpty else { return }
        text.arrayMember("tools") { text in
            text.object { text in
                text.arrayMember("functionDeclarations") { text in
                    for tool in request.tools {
                        text.object { text in
                            text.member("name", tool.name)
                            if let description = tool.description { text.member("description", description) }
                            // `parameters` takes a subset of OpenAPI only.
                            if let schema = tool.parameters { text.member("parametersJsonSchema", schema) }
                        }
                    }
                }
            }
        }
        guard request.toolChoice != .auto else { return }
        text.objectMember("toolConfig") { text in
            text.objectMember("functionCallingConfig") { text in
                text.member("mode", request.toolChoice == .none ? "NONE" : "ANY")
                if case .named(let name) = request.toolChoice { text.arrayMember("allowedFunctionNames", of: [name]) }
            }
        }
    }

    /// A name as it may stand in a path: other bytes are percent-encoded, so that no name leads elsewhere; a slash too,
    /// but for the one behind the kind of model.
    private static func escaped(_ name: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var path: [UInt8] = []
        var isKind = true
        for byte in name.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isFirstSlash = isKind && byte == UInt8(ascii: "/")
            if isFirstSlash { isKind = false }
            let isPlain = scalar.properties.isAlphabetic || "0123456789-._".unicodeScalars.contains(scalar)
            if scalar.isASCII, isFirstSlash || isPlain {
                path.append(byte)
            } else {
                path += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: path, as: UTF8.self)
    }
}

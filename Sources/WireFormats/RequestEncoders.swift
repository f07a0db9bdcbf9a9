// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// Writes requests for upstreams, whatever format they speak.
public enum RequestEncoders {
    /// The request as an upstream takes it; nil for formats that no upstream speaks.
    /// - Parameters:
    ///   - format: The upstream's format.
    ///   - model: The upstream's own name of the model.
    public static func encode(_ request: ChatRequest, for format: WireFormat, model: String) -> EncodedRequest? {
        switch format {
        case .openAIChat: OpenAIChatRequestEncoder.encode(request, model: model)
        case .openAIResponses: OpenAIResponsesRequestEncoder.encode(request, model: model)
        case .anthropicMessages: AnthropicMessagesRequestEncoder.encode(request, model: model)
        case .gemini: GeminiRequestEncoder.encode(request, model: model)
        case .ollamaChat: OllamaChatRequestEncoder.encode(request, model: model)
        case .plainStream, .openAICompletions, .ollamaGenerate, .uiMessageStream: nil
        }
    }
}

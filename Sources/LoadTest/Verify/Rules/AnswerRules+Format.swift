// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension StreamFormat {
    /// The rules of the format.
    var rules: any AnswerRules {
        switch self {
        case .eventSource: EventSourceRules()
        case .openAIChat: OpenAIChatRules()
        case .openAICompletions: OpenAICompletionsRules()
        case .openAIResponses: OpenAIResponsesRules()
        case .anthropicMessages: AnthropicMessagesRules()
        case .gemini: GeminiRules()
        case .ollama: OllamaRules()
        case .uiMessageStream: UIMessageRules()
        }
    }

    /// The format that an event speaks; nil where it could be of several.
    static func guess(_ frame: StreamFrame) -> StreamFormat? {
        guard frame.data.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return .eventSource }
        guard let value = try? JSONReader.read(frame.data) else { return nil }
        switch value["object"]?.text {
        case "chat.completion.chunk": return .openAIChat
        case "text_completion": return .openAICompletions
        default: break
        }
        if value["candidates"] != nil || value["usageMetadata"] != nil { return .gemini }
        if value["done"] != nil, value["model"] != nil { return .ollama }
        switch value["type"]?.text {
        case "message_start": return .anthropicMessages
        case "start", "text-start", "start-step": return .uiMessageStream
        case let type? where type.hasPrefix("response."): return .openAIResponses
        default: return .eventSource
        }
    }
}

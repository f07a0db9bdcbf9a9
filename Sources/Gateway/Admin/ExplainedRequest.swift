// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import MockModel
internal import WireFormats

/// Reads a request that is to be explained, as if it had come over the wire.
public enum ExplainedRequest {
    /// - Parameters:
    ///   - path: Where it would be sent; nil is the format's own.
    ///   - headers: Names in lower case.
    static func input(
        body: [UInt8],
        format: WireFormat,
        path: String?,
        headers: [(name: String, value: String)]
    ) throws(RequestProblem) -> ScenarioInput {
        var chat = try chat(body, format)
        chat.model = try MockParameters.split(chat.model).name
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let key = ServerRequest(method: .post, target: "/", fields: fields).apiKey
        return ScenarioInput(
            request: chat,
            path: path ?? ownPath(of: format, model: chat.model),
            headers: headers,
            apiKey: key,
            now: WallClock.nanoseconds()
        )
    }

    private static func chat(_ body: [UInt8], _ format: WireFormat) throws(RequestProblem) -> ChatRequest {
        switch format {
        case .openAIChat: try OpenAIChatRequest(body: body).chat
        case .openAICompletions: try OpenAICompletionsRequest(body: body).chat
        case .openAIResponses: try OpenAIResponsesRequest(body: body).chat
        case .anthropicMessages: try AnthropicMessagesRequest(body: body, version: "2023-06-01").chat
        case .gemini: try GeminiRequest(body: body, model: "gemini", isStreamed: false, isEventStream: false).chat
        case .ollamaChat: try OllamaChatRequest(body: body).chat
        case .ollamaGenerate: try OllamaGenerateRequest(body: body).chat
        case .uiMessageStream: try UIMessageStreamRequest(body: body).chat
        case .plainStream:
            try PlainStreamRequest.decode(query: nil, body: body, knownNames: MockParameters.names).chat
        }
    }

    private static func ownPath(of format: WireFormat, model: String) -> String {
        switch format {
        case .openAIChat: "/v1/chat/completions"
        case .openAICompletions: "/v1/completions"
        case .openAIResponses: "/v1/responses"
        case .anthropicMessages: "/v1/messages"
        case .gemini: "/v1beta/models/\(model):generateContent"
        case .ollamaChat, .uiMessageStream: "/api/chat"
        case .ollamaGenerate: "/api/generate"
        case .plainStream: "/chat/stream"
        }
    }
}

extension PlainStreamRequest {
    fileprivate var chat: ChatRequest {
        ChatRequest(model: model ?? "mock", messages: messages)
    }
}

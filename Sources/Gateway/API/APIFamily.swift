// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import HTTPTypes
internal import WireFormats

/// Whose API a request speaks: what its errors look like.
enum APIFamily: Equatable {
    case openAI
    case anthropic
    case gemini
    case ollama
    case interface

    /// Tells whose list of models is wanted by the fields that only their clients send (openai-chat.md, 6).
    init(ofModelList request: ServerRequest) {
        let hasGeminiKey = request.query?.split(separator: "&").contains { $0.hasPrefix("key=") } ?? false
        if request[field: "anthropic-version"] != nil {
            self = .anthropic
        } else if request[field: "x-goog-api-key"] != nil || hasGeminiKey {
            self = .gemini
        } else {
            self = .openAI
        }
    }

    /// Whose API a path belongs to, where its request could not be read; nil for `/chat/stream` and the rest.
    init?(path: String) {
        if path.hasPrefix("/v1/messages") {
            self = .anthropic
        } else if path.hasPrefix("/v1beta/") || path.hasPrefix("/v1/models/") {
            self = .gemini
        } else if path.hasPrefix("/v1/") {
            self = .openAI
        } else if path.hasPrefix("/api/") {
            self = .ollama
        } else {
            return nil
        }
    }

    var problems: any ProblemShape.Type {
        switch self {
        case .openAI: OpenAIProblem.self
        case .anthropic: AnthropicProblem.self
        case .gemini: GeminiProblem.self
        case .ollama: OllamaProblem.self
        case .interface: UIMessageProblem.self
        }
    }
}

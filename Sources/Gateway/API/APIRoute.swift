// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import HTTPTypes
internal import WireFormats

/// The paths of the APIs that are spoken here beside `/chat/stream`.
enum APIRoute: Equatable {
    case openAIChat
    case openAICompletions
    case openAIEmbeddings
    case responses
    case response(id: String, ResponseAction)
    case responseInputTokens
    case anthropicMessages
    case anthropicCount
    /// `v1` is OpenAI's path, Anthropic's and Gemini's: a field of the request tells whose.
    case models(APIFamily)
    case model(String, APIFamily)
    case gemini(model: String, GeminiVerb)
    case ollama(OllamaCall)
    /// `POST /api/chat`: Ollama's, or the AI SDK's; the body tells.
    case ollamaOrInterface
    case interfaceResume(chatID: String)

    /// What is done with a response of the Responses API.
    enum ResponseAction: Equatable {
        case itself
        case cancel
        case inputItems
    }

    enum GeminiVerb: String {
        case generateContent
        case streamGenerateContent
        case countTokens
        case embedContent
        case batchEmbedContents
    }

    enum OllamaCall: String {
        case generate
        case embed
        case embeddings
        case tags
        case show
        case ps
        case version
        case pull
        case push
        case create
        case copy
        case delete
    }

    init?(_ request: ServerRequest) {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: true).map(PercentEncoding.decode)
        switch parts.first {
        case "v1": self.init(versioned: Array(parts.dropFirst()), request)
        case "v1beta": self.init(gemini: Array(parts.dropFirst()))
        case "api": self.init(api: Array(parts.dropFirst()))
        default: return nil
        }
    }

    private init?(versioned parts: [String], _ request: ServerRequest) {
        switch parts {
        case ["chat", "completions"]: self = .openAIChat
        case ["completions"]: self = .openAICompletions
        case ["embeddings"]: self = .openAIEmbeddings
        case ["responses"]: self = .responses
        case ["responses", "input_tokens"]: self = .responseInputTokens
        case ["messages"]: self = .anthropicMessages
        case ["messages", "count_tokens"]: self = .anthropicCount
        case ["models"]: self = .models(APIFamily(ofModelList: request))
        default:
            if parts.first == "responses" {
                self.init(response: Array(parts.dropFirst()))
            } else if parts.first == "models" {
                let name = parts.dropFirst().joined(separator: "/")
                if request.method == .post {
                    self.init(gemini: parts)
                } else {
                    self = .model(name, APIFamily(ofModelList: request))
                }
            } else {
                return nil
            }
        }
    }

    private init?(response parts: [String]) {
        guard let id = parts.first else { return nil }
        switch parts.dropFirst() {
        case []: self = .response(id: id, .itself)
        case ["cancel"]: self = .response(id: id, .cancel)
        case ["input_items"]: self = .response(id: id, .inputItems)
        default: return nil
        }
    }

    /// The path after `models/` may hold slashes; the verb follows the last colon.
    private init?(gemini parts: [String]) {
        guard let kind = parts.first, ["models", "tunedModels"].contains(kind) else { return nil }
        let rest = parts.dropFirst().joined(separator: "/")
        if rest.isEmpty {
            self = .models(.gemini)
        } else if let colon = rest.lastIndex(of: ":"),
            let verb = GeminiVerb(rawValue: String(rest[rest.index(after: colon)...]))
        {
            self = .gemini(model: String(rest[..<colon]), verb)
        } else {
            self = .model(rest, .gemini)
        }
    }

    private init?(api parts: [String]) {
        switch parts {
        case ["chat"]: self = .ollamaOrInterface
        case let parts where parts.count == 3 && parts[0] == "chat" && parts[2] == "stream":
            self = .interfaceResume(chatID: parts[1])
        case let parts where parts.count == 1:
            guard let call = OllamaCall(rawValue: parts[0]) else { return nil }
            self = .ollama(call)
        default: return nil
        }
    }

    /// The methods that the route takes, beside OPTIONS.
    var methods: [HTTPRequest.Method] {
        switch self {
        case .models, .model, .interfaceResume, .response(_, .inputItems): [.get, .head]
        case .response(_, .itself): [.get, .head, .delete]
        case .ollama(.tags), .ollama(.ps), .ollama(.version): [.get, .head]
        case .ollama(.delete): [.delete]
        default: [.post]
        }
    }

    /// Whose error bodies the route's clients read.
    var family: APIFamily {
        switch self {
        case .openAIChat, .openAICompletions, .openAIEmbeddings, .responses, .response, .responseInputTokens: .openAI
        case .anthropicMessages, .anthropicCount: .anthropic
        case .models(let family), .model(_, let family): family
        case .gemini: .gemini
        case .ollama, .ollamaOrInterface: .ollama
        case .interfaceResume: .interface
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON
internal import WireFormats

/// Turns a prompt into a request of a target.
public enum PromptBody {
    /// How a request bears its prompt. Not the same as how the answer comes: Ollama's two ways of asking answer alike.
    private enum Shape {
        case chat(WireFormat)
        case completions
        case ollamaGenerate
        case uiMessages
        /// A GET, as an `EventSource` makes it.
        case query
    }

    /// What a server that insists on a model's name is told where the user told none.
    private static let defaultModel = "mock"

    /// Sets the target's body and what the format wants in the head; of a GET, its query.
    /// - Parameters:
    ///   - model: Nil: `mock`.
    ///   - format: Nil: guessed from the target's path.
    public static func apply(_ prompt: String, model: String?, format: StreamFormat?, to target: inout Target) {
        let name = model ?? defaultModel
        switch shape(format ?? guess(target.path), path: plainPath(target.path)) {
        case .chat(let format): chat(prompt, model: name, format: format, to: &target)
        case .completions:
            target.setBody(
                JSONText.object { text in
                    text.member("model", name)
                    text.member("prompt", prompt)
                    text.member("stream", true)
                    text.name("stream_options")
                    text.object { $0.member("include_usage", true) }
                }
            )
        case .ollamaGenerate:
            target.setBody(
                JSONText.object { text in
                    text.member("model", name)
                    text.member("prompt", prompt)
                    text.member("stream", true)
                }
            )
        case .uiMessages: target.setBody(uiMessages(prompt))
        case .query: addQuery(prompt, model: model, to: &target)
        }
    }

    /// The format that servers speak at a path; nil where the path tells nothing.
    public static func guess(_ path: String) -> StreamFormat? {
        let path = plainPath(path)
        let ends: [(String, StreamFormat)] = [
            ("/chat/completions", .openAIChat), ("/completions", .openAICompletions), ("/responses", .openAIResponses),
            ("/messages", .anthropicMessages), ("/api/chat", .ollama), ("/api/generate", .ollama),
            (":streamGenerateContent", .gemini),
        ]
        return ends.first { path.hasSuffix($0.0) }?.1
    }

    private static func shape(_ format: StreamFormat?, path: Substring) -> Shape {
        switch format {
        case .openAIChat: .chat(.openAIChat)
        case .openAIResponses: .chat(.openAIResponses)
        case .anthropicMessages: .chat(.anthropicMessages)
        case .gemini: .chat(.gemini)
        case .ollama: path.hasSuffix("/generate") ? .ollamaGenerate : .chat(.ollamaChat)
        case .openAICompletions: .completions
        case .uiMessageStream: .uiMessages
        case .eventSource, nil: .query
        }
    }

    private static func chat(_ prompt: String, model: String, format: WireFormat, to target: inout Target) {
        let request = ChatRequest(
            model: model,
            messages: [ChatMessage(role: .user, content: prompt)],
            format: format,
            wantsUsage: true
        )
        guard let encoded = RequestEncoders.encode(request, for: format, model: model) else { return }
        for field in encoded.fields { target.setDefault(field.name, field.value) }
        if format == .anthropicMessages { target.setDefault("anthropic-version", "2023-06-01") }
        target.setBody(encoded.body)
    }

    private static func uiMessages(_ prompt: String) -> [UInt8] {
        JSONText.object { text in
            text.member("id", "bench")
            text.name("messages")
            text.array { text in
                text.object { text in
                    text.member("id", "1")
                    text.member("role", "user")
                    text.name("parts")
                    text.array { text in
                        text.object { text in
                            text.member("type", "text")
                            text.member("text", prompt)
                        }
                    }
                }
            }
            text.member("trigger", "submit-message")
        }
    }

    /// Adds `prompt`, and `model` where one is told, unless the query has them.
    private static func addQuery(_ prompt: String, model: String?, to target: inout Target) {
        let mark = target.path.firstIndex(of: "?")
        let query = mark.map { target.path[target.path.index(after: $0)...] } ?? ""
        let names = query.split(separator: "&").map { $0.prefix { $0 != "=" } }
        var separator = mark == nil ? "?" : query.isEmpty ? "" : "&"
        for (name, value) in [("prompt", prompt), ("model", model)] {
            guard let value, !names.contains(name[...]) else { continue }
            target.path += separator + name + "=" + value.percentEncoded(isPlain)
            separator = "&"
        }
    }

    /// Unreserved in RFC 3986.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || "-._~".utf8.contains(byte)
    }

    private static func plainPath(_ path: String) -> Substring {
        path.prefix { $0 != "?" }
    }
}

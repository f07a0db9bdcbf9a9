// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import JSON

/// A client's request on its way to an upstream that speaks the same format: what nobody here knows reaches it too.
///
/// Only the model's name is another, and whether the answer is streamed, where the gateway wants it otherwise.
public struct PassedRequest: Sendable {
    /// What the upstream is asked to do.
    public enum Purpose: Equatable, Sendable {
        /// An answer to a conversation.
        case answer
        /// Something with an answer of its own, at this path behind the base of the API's address; of Gemini's, the verb.
        case other(String)
        /// Something about an answer of before, without a body: the path and query behind the base of the address.
        case bare(EncodedRequest.Method, String)
    }

    /// How the gateway wants the answer.
    public enum Wish: Equatable, Sendable {
        /// As the client wants it; whether that is a stream, a path may have to say.
        case asAsked(isStreamed: Bool)
        /// As a stream, whatever the client wants.
        case streamed(wantsUsage: Bool)

        fileprivate var isStreamed: Bool { self != .asAsked(isStreamed: false) }
    }

    public let format: WireFormat
    private let purpose: Purpose
    private let body: [UInt8]
    private let fields: [EncodedRequest.Field]

    /// - Parameters:
    ///   - body: A JSON object, as the client sent it.
    ///   - fields: What the client's head says to the API.
    public init(
        _ format: WireFormat,
        for purpose: Purpose = .answer,
        body: [UInt8],
        fields: [EncodedRequest.Field] = []
    ) {
        self.format = format
        self.purpose = purpose
        self.body = body
        self.fields = fields
    }

    /// The request as the upstream takes it.
    /// - Parameter model: The upstream's own name of the model.
    public func encoded(for model: String, _ wish: Wish) -> EncodedRequest {
        if case .bare(let method, let path) = purpose {
            var request = EncodedRequest(path: path, fields: fields, body: [])
            request.method = method
            return request
        }
        var editor = JSONEditor(body)
        let hasModel = format != .gemini || (try? JSONReader.read(body))?["model"] != nil
        let name = format == .gemini ? GeminiRequestEncoder.place(of: model) : model
        if hasModel { editor.set("model", to: JSONValue.string(Array(name.utf8)).jsonBytes) }
        if case .streamed(let wantsUsage) = wish, format != .gemini {
            editor.set("stream", to: Array("true".utf8))
            // openai-chat.md 3: the counts come only where they are asked for.
            if format == .openAIChat, wantsUsage {
                editor.set("stream_options", to: Array(#"{"include_usage":true}"#.utf8))
            }
        }
        return EncodedRequest(path: path(for: model, wish), fields: fields, body: editor.bytes)
    }

    private func path(for model: String, _ wish: Wish) -> String {
        switch (format, purpose) {
        case (.gemini, .other(let verb)): GeminiRequestEncoder.path(to: verb, of: model)
        case (.gemini, .answer):
            wish.isStreamed
                ? GeminiRequestEncoder.path(to: "streamGenerateContent", of: model) + "?alt=sse"
                : GeminiRequestEncoder.path(to: "generateContent", of: model)
        case (_, .other(let path)), (_, .bare(_, let path)): path
        case (.openAIResponses, .answer): "/responses"
        case (.anthropicMessages, .answer): "/messages"
        case (.ollamaChat, .answer): "/api/chat"
        default: "/chat/completions"
        }
    }
}

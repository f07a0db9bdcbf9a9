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
    /// - Parameters:
    ///   - model: The upstream's own name of the model.
    ///   - isStreamed: What the upstream is to do, as far as the gateway has a wish of its own; nil leaves it to the
    ///     client's words.
    ///   - wantsUsage: Token counts are wanted in the stream.
    public func encoded(for model: String, isStreamed: Bool?, wantsUsage: Bool) -> EncodedRequest {
        var editor = JSONEditor(body)
        let hasModel = format != .gemini || (try? JSONReader.read(body))?["model"] != nil
        let name = format == .gemini ? GeminiRequestEncoder.place(of: model) : model
        if hasModel { editor.set("model", to: JSONValue.string(Array(name.utf8)).jsonBytes) }
        if let isStreamed, format != .gemini { setStreamed(isStreamed, wantsUsage: wantsUsage, in: &editor) }
        return EncodedRequest(
            path: path(for: model, isStreamed: isStreamed),
            fields: fields,
            body: editor.bytes
        )
    }

    private func setStreamed(_ isStreamed: Bool, wantsUsage: Bool, in editor: inout JSONEditor) {
        editor.set("stream", to: Array((isStreamed ? "true" : "false").utf8))
        // openai-chat.md 3: the counts come only where they are asked for.
        guard format == .openAIChat, isStreamed, wantsUsage else { return }
        editor.set("stream_options", to: Array(#"{"include_usage":true}"#.utf8))
    }

    private func path(for model: String, isStreamed: Bool?) -> String {
        switch (format, purpose) {
        case (.gemini, .other(let verb)): GeminiRequestEncoder.path(to: verb, of: model)
        case (.gemini, .answer):
            isStreamed == false
                ? GeminiRequestEncoder.path(to: "generateContent", of: model)
                : GeminiRequestEncoder.path(to: "streamGenerateContent", of: model) + "?alt=sse"
        case (_, .other(let path)): path
        case (.openAIResponses, .answer): "/responses"
        case (.anthropicMessages, .answer): "/messages"
        case (.ollamaChat, .answer): "/api/chat"
        default: "/chat/completions"
        }
    }
}

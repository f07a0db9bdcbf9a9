// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// A part of a message or of a reasoning item, and the names of the events that tell it (openai-responses.md 4.1).
struct OpenAIResponsePart: Equatable, Sendable {
    enum Kind {
        case text
        case refusal
        /// Reasoning is told as the summary of itself, which is all that most clients show.
        case summary
    }

    let kind: Kind
    var text: [UInt8] = []

    var added: StaticString {
        kind == .summary ? "response.reasoning_summary_part.added" : "response.content_part.added"
    }

    var delta: StaticString {
        switch kind {
        case .text: "response.output_text.delta"
        case .refusal: "response.refusal.delta"
        case .summary: "response.reasoning_summary_text.delta"
        }
    }

    var textDone: StaticString {
        switch kind {
        case .text: "response.output_text.done"
        case .refusal: "response.refusal.done"
        case .summary: "response.reasoning_summary_text.done"
        }
    }

    var done: StaticString {
        kind == .summary ? "response.reasoning_summary_part.done" : "response.content_part.done"
    }

    /// The member that tells which part of the item it is.
    var indexName: String { kind == .summary ? "summary_index" : "content_index" }

    /// The member that holds the whole text in ``textDone``.
    var textName: String { kind == .refusal ? "refusal" : "text" }

    func write(to json: inout JSONText) {
        json.object { json in
            switch kind {
            case .text: json.member("type", "output_text")
            case .refusal: json.member("type", "refusal")
            case .summary: json.member("type", "summary_text")
            }
            json.member(textName, text)
            if kind == .text {
                json.arrayMember("annotations") { _ in }
                json.arrayMember("logprobs") { _ in }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// What a request asked for, as each copy of its response repeats it (openai-responses.md 3), in groups between the
/// members that differ from copy to copy.
struct OpenAIResponseSettings: Sendable {
    /// After `incomplete_details`.
    let beforeModel: [JSONValue.Member]
    /// After `output`.
    let afterOutput: [JSONValue.Member]
    /// After `usage`.
    let afterUsage: [JSONValue.Member]
    /// How much the model is asked to think.
    let effort: ReasoningWish.Effort?
    /// The model is asked to show what it thinks.
    let wantsReasoning: Bool
    /// Reasoning is to come with the sealed form of itself, for clients that keep their own history.
    let wantsSealedReasoning: Bool
    /// As ``ChatRequest/topLogprobs``: asked for by name, or by a number of alternatives.
    let topLogprobs: Int?

    init(_ body: OpenAIFields, tools: JSONValue, toolChoice: JSONValue, text: JSONValue) throws(RequestProblem) {
        let reasoning = try body.fields("reasoning")
        effort = try ReasoningWish.openAIEffort(of: reasoning, "effort")
        let summary = try reasoning?.word("summary", of: ["auto", "concise", "detailed"])
        wantsReasoning = summary != nil || effort.map { $0 != ReasoningWish.Effort.none } ?? false
        let included = Set((try body.items("include") ?? []).compactMap(\.text))
        wantsSealedReasoning = included.contains("reasoning.encrypted_content")
        let top = try body.integer("top_logprobs", in: 0...20) ?? 0
        topLogprobs = top > 0 || included.contains("message.output_text.logprobs") ? top : nil
        beforeModel = [
            JSONValue.Member("instructions", try body.text("instructions")),
            try Self.integer("max_output_tokens", of: body, in: 16...Int.max, default: .null),
            try Self.integer("max_tool_calls", of: body, in: 1...Int.max, default: .null),
        ]
        let tier = try body.text("service_tier") ?? "auto"
        afterOutput = [
            try Self.flag("parallel_tool_calls", of: body, default: true),
            try Self.number("presence_penalty", of: body, in: -2...2, default: "0"),
            try Self.number("frequency_penalty", of: body, in: -2...2, default: "0"),
            JSONValue.Member("previous_response_id", try body.text("previous_response_id")),
            JSONValue.Member("prompt_cache_key", try body.text("prompt_cache_key")),
            JSONValue.Member(
                "reasoning",
                .object([JSONValue.Member("effort", effort?.rawValue), JSONValue.Member("summary", summary)])
            ),
            JSONValue.Member("safety_identifier", try body.text("safety_identifier")),
            // The tier that was used, never the wish for any.
            JSONValue.Member("service_tier", tier == "auto" ? "default" : tier),
            try Self.flag("store", of: body, default: true),
            try Self.number("temperature", of: body, in: 0...2, default: "1"),
            JSONValue.Member("text", text),
            JSONValue.Member("tool_choice", toolChoice),
            JSONValue.Member("tools", tools),
            JSONValue.Member("top_logprobs", .number(String(top))),
            try Self.number("top_p", of: body, in: 0...1, default: "1"),
            JSONValue.Member("truncation", try body.word("truncation", of: ["auto", "disabled"]) ?? "disabled"),
        ]
        afterUsage = [
            JSONValue.Member("user", try body.text("user")),
            JSONValue.Member("metadata", try Self.metadata(of: body)),
        ]
    }

    /// Up to 16 pairs of short texts.
    private static func metadata(of body: OpenAIFields) throws(RequestProblem) -> JSONValue {
        guard let metadata = try body.fields("metadata"), let members = body["metadata"]?.members else {
            return .object([])
        }
        guard members.count <= 16 else { throw OpenAIObjection.invalid("metadata", "at most 16 pairs are kept.") }
        for member in members {
            let path = metadata.parameter(OpenAIObjection.quoted(member.name))
            guard let text = member.value.text else {
                throw OpenAIObjection.wrongType(path, expected: "a string", value: member.value)
            }
            guard member.name.unicodeScalars.count <= 64, text.unicodeScalars.count <= 512 else {
                throw OpenAIObjection.invalid(path, "a name has up to 64 characters, and its text up to 512.")
            }
        }
        return .object(members)
    }

    private static func flag(
        _ name: String,
        of body: OpenAIFields,
        default flag: Bool
    ) throws(RequestProblem) -> JSONValue.Member {
        JSONValue.Member(name, .bool(try body.flag(name) ?? flag))
    }

    private static func integer(
        _ name: String,
        of body: OpenAIFields,
        in range: ClosedRange<Int>,
        default value: JSONValue
    ) throws(RequestProblem) -> JSONValue.Member {
        JSONValue.Member(name, try body.integer(name, in: range).map { .number(String($0)) } ?? value)
    }

    /// The digits are repeated as they came.
    private static func number(
        _ name: String,
        of body: OpenAIFields,
        in range: ClosedRange<Double>,
        default digits: String
    ) throws(RequestProblem) -> JSONValue.Member {
        _ = try body.number(name, in: range)
        return JSONValue.Member(name, body[name] ?? .number(digits))
    }
}

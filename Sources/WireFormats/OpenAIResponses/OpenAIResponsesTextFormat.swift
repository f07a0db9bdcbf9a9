// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// The `text` of a request: what the answer's text has to look like (openai-responses.md 2).
struct OpenAIResponsesTextFormat {
    private(set) var shape = AnswerShape.text
    /// `text` as the response repeats it.
    let value: JSONValue

    init(_ body: OpenAIFields) throws(RequestProblem) {
        let text = try body.fields("text")
        let verbosity = try text?.word("verbosity", of: ["low", "medium", "high"]) ?? "medium"
        let format = try text?.fields("format")
        let type = try format?.requiredWord("type", of: ["text", "json_object", "json_schema"]) ?? "text"
        var members = [JSONValue.Member("type", type)]
        if type == "json_object" { shape = .jsonObject }
        if type == "json_schema", let format {
            _ = try format.requiredFields("schema")
            let schema = format["schema"] ?? .null
            shape = .jsonSchema(schema)
            // The schema is flat here, which the chat completions nest.
            members += [
                JSONValue.Member("name", try format.requiredText("name")),
                JSONValue.Member("description", try format.text("description")),
                JSONValue.Member("schema", schema),
                JSONValue.Member("strict", .bool(try format.flag("strict") ?? false)),
            ]
        }
        value = .object([JSONValue.Member("format", .object(members)), JSONValue.Member("verbosity", verbosity)])
    }
}

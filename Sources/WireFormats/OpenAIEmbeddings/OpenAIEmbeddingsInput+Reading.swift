// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension OpenAIEmbeddingsInput {
    /// The most texts of one request (openai-chat.md, part 8).
    private static let mostInputs = 2048
    /// The most tokens of one text, as OpenAI's models have it.
    private static let mostTokens = 8192

    /// Reads `input`: a text, several, one as tokens, or several as tokens.
    static func read(_ field: BodyField) throws(RequestProblem) -> [OpenAIEmbeddingsInput] {
        if let text = field.value.text { return [.text(try check(text, in: field, at: field.path))] }
        guard let items = field.value.array else { throw field.wrongType("a string or an array") }
        guard let first = items.first else {
            throw field.problem("\"input\" is an empty array; it needs at least one item.", code: "empty_array")
        }
        if case .number = first { return [.tokens(try tokens(items, in: field, at: field.path))] }
        guard items.count <= mostInputs else {
            throw field.problem(
                "\"input\" has \(items.count) items; it may have \(mostInputs).",
                code: "array_above_max_length"
            )
        }
        var inputs: [OpenAIEmbeddingsInput] = []
        for (index, item) in items.enumerated() {
            let path = "\(field.path)[\(index)]"
            switch (first, item) {
            case (.string, .string):
                inputs.append(.text(try check(item.text ?? "", in: field, at: path)))
            case (.array, .array(let numbers)):
                inputs.append(.tokens(try tokens(numbers, in: field, at: path)))
            default:
                throw field.problem(
                    "\"\(path)\" is of type \(item.typeName); \"input\" has to hold strings only, integers only, "
                        + "or arrays of integers only.",
                    code: "invalid_type"
                )
            }
        }
        return inputs
    }

    private static func check(_ text: String, in field: BodyField, at path: String) throws(RequestProblem) -> String {
        guard !text.isEmpty else {
            throw field.problem("\"\(path)\" is an empty string; it needs a text.", code: "empty_string")
        }
        return text
    }

    private static func tokens(
        _ numbers: [JSONValue],
        in field: BodyField,
        at path: String
    ) throws(RequestProblem) -> [Int] {
        guard !numbers.isEmpty else {
            throw field.problem("\"\(path)\" is an empty array; it needs at least one token.", code: "empty_array")
        }
        guard numbers.count <= mostTokens else {
            throw field.problem(
                "\"\(path)\" has \(numbers.count) tokens; it may have \(mostTokens).",
                code: "array_above_max_length"
            )
        }
        var tokens: [Int] = []
        tokens.reserveCapacity(numbers.count)
        for number in numbers {
            guard let token = number.integer, token >= 0 else {
                throw field.problem("\"\(path)\" has to hold integers from 0 on only.", code: "invalid_type")
            }
            tokens.append(token)
        }
        return tokens
    }
}

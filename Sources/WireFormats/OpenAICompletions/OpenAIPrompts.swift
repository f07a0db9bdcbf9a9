// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Reads `prompt` of a legacy completion: one or several, as text or as token ids (openai-chat.md, part 7).
enum OpenAIPrompts {
    /// What the API completes where no prompt is given.
    private static let absent = "<|endoftext|>"

    /// At least one. Token ids, which no mock can read, stand as numbers with blanks between them.
    static func read(_ body: OpenAIFields) throws(RequestProblem) -> [String] {
        guard let value = body["prompt"] else { return [absent] }
        if let text = value.text { return [text] }
        guard let items = value.array else { throw wrongType("prompt", value) }
        guard let first = items.first else { throw OpenAIObjection.empty("prompt") }
        if first.integer != nil { return [try tokens(items, of: "prompt")] }
        guard items.count <= OpenAISampling.maximumChoices else {
            throw OpenAIObjection.tooMany("prompt", limit: OpenAISampling.maximumChoices, count: items.count)
        }
        var prompts: [String] = []
        for (index, item) in items.enumerated() {
            prompts.append(try prompt(item, of: "prompt[\(index)]"))
        }
        return prompts
    }

    private static func prompt(_ value: JSONValue, of parameter: String) throws(RequestProblem) -> String {
        if let text = value.text { return text }
        guard let items = value.array else { throw wrongType(parameter, value) }
        guard !items.isEmpty else { throw OpenAIObjection.empty(parameter) }
        return try tokens(items, of: parameter)
    }

    private static func tokens(_ items: [JSONValue], of parameter: String) throws(RequestProblem) -> String {
        var text = ""
        for (index, item) in items.enumerated() {
            guard let token = item.integer, token >= 0 else {
                throw OpenAIObjection.wrongType("\(parameter)[\(index)]", expected: "a token id", value: item)
            }
            if index > 0 { text += " " }
            text += String(token)
        }
        return text
    }

    private static func wrongType(_ parameter: String, _ value: JSONValue) -> RequestProblem {
        OpenAIObjection.wrongType(parameter, expected: "a string or an array of strings or token ids", value: value)
    }
}

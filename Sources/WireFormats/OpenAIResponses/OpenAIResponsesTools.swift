// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// The tools of a request, and which of them it wants to be called (openai-responses.md 2).
struct OpenAIResponsesTools {
    private static let maximum = 128

    /// The functions that may be called; tools of other kinds are taken, and never called.
    private(set) var definitions: [ToolDefinition] = []
    private(set) var choice = ToolChoice.auto
    /// `tools` as the response repeats them.
    private(set) var tools: [JSONValue] = []
    /// `tool_choice` as the response repeats it.
    let toolChoice: JSONValue

    init(_ body: OpenAIFields) throws(RequestProblem) {
        toolChoice = body["tool_choice"] ?? .responseText("auto")
        for (index, value) in (try body.items("tools", atMost: Self.maximum) ?? []).enumerated() {
            let tool = try body.item(value, of: "tools", at: index)
            if try tool.requiredText("type") == "function" {
                try readFunction(tool)
            } else {
                tools.append(value)
            }
        }
        if toolChoice.text != nil {
            choice = try mode(body.word("tool_choice", of: ["none", "auto", "required"]))
        } else if let fields = try body.fields("tool_choice") {
            try readChoice(fields)
        }
    }

    /// Functions are flat here, which the chat completions nest.
    private mutating func readFunction(_ tool: OpenAIFields) throws(RequestProblem) {
        let name = try tool.requiredText("name")
        guard OpenAITools.isToolName(name) else {
            let reason = "a name has 1 to 64 letters, digits, underscores and dashes."
            throw OpenAIObjection.invalid(tool.parameter("name"), reason)
        }
        let description = try tool.text("description")
        _ = try tool.fields("parameters")
        definitions.append(ToolDefinition(name: name, description: description, parameters: tool["parameters"]))
        tools.append(
            .object([
                JSONValue.Member("type", "function"),
                JSONValue.Member("name", name),
                JSONValue.Member("description", description),
                JSONValue.Member("strict", .bool(try tool.flag("strict") ?? true)),
                JSONValue.Member("parameters", tool["parameters"] ?? .null),
            ])
        )
    }

    private func mode(_ word: String?) throws(RequestProblem) -> ToolChoice {
        switch word {
        case "none": return .none
        case "required":
            guard !tools.isEmpty else {
                let reason = "a call is required, but there are no 'tools' to call."
                throw OpenAIObjection.invalid("tool_choice", reason)
            }
            return definitions.isEmpty ? .auto : .required
        default: return .auto
        }
    }

    private mutating func readChoice(_ fields: OpenAIFields) throws(RequestProblem) {
        switch try fields.requiredText("type") {
        case "function":
            let name = try fields.requiredText("name")
            guard definitions.contains(where: { $0.name == name }) else {
                let reason = "there is no tool '\(OpenAIObjection.quoted(name))' in this request."
                throw OpenAIObjection.invalid("tool_choice", reason)
            }
            choice = .named(name)
        case "allowed_tools":
            var names: Set<String> = []
            for (index, value) in (try fields.items("tools", atMost: Self.maximum) ?? []).enumerated() {
                let tool = try fields.item(value, of: "tools", at: index)
                if try tool.requiredText("type") == "function" { names.insert(try tool.requiredText("name")) }
            }
            definitions.removeAll { !names.contains($0.name) }
            let isRequired = try fields.requiredWord("mode", of: ["auto", "required"]) == "required"
            choice = isRequired && !definitions.isEmpty ? .required : .auto
        default: choice = .auto
        }
    }
}

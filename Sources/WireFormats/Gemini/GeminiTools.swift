// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Reads `tools` and `toolConfig`. Tools that Google runs itself are passed over.
enum GeminiTools {
    static func definitions(_ field: BodyField?) throws(RequestProblem) -> [ToolDefinition] {
        var definitions: [ToolDefinition] = []
        for tool in try field?.objects() ?? [] {
            for function in try tool.either("functionDeclarations")?.objects() ?? [] {
                definitions.append(try definition(function))
            }
        }
        return definitions
    }

    private static func definition(_ function: BodyField) throws(RequestProblem) -> ToolDefinition {
        let name = try function.required("name")
        guard try !name.text().isEmpty else { throw name.problem("\"\(name.path)\" is empty.") }
        let schema = try (function.either("parametersJsonSchema") ?? function.optional("parameters"))?.object().value
        return ToolDefinition(
            name: try name.text(),
            description: try function.optional("description")?.text(),
            parameters: schema.map(GeminiSchema.jsonSchema)
        )
    }

    /// Reads `functionCallingConfig`: tools that may not be called are left out.
    static func apply(_ config: BodyField, to chat: inout ChatRequest) throws(RequestProblem) {
        var allowed: [String] = []
        for item in try config.either("allowedFunctionNames")?.items() ?? [] {
            let name = try item.text()
            guard chat.tools.contains(where: { $0.name == name }) else {
                throw item.problem("\"\(item.path)\" names a function that is not declared.")
            }
            allowed.append(name)
        }
        let mode = config.optional("mode")
        switch try mode?.text().uppercased() {
        case nil, "AUTO", "MODE_UNSPECIFIED": chat.toolChoice = .auto
        case "VALIDATED":
            chat.toolChoice = .auto
            if !allowed.isEmpty { chat.tools.removeAll { !allowed.contains($0.name) } }
        case "ANY":
            chat.toolChoice = allowed.count == 1 ? .named(allowed[0]) : .required
            if !allowed.isEmpty { chat.tools.removeAll { !allowed.contains($0.name) } }
        case "NONE": chat.toolChoice = .none
        default:
            let path = mode?.path ?? ""
            throw RequestProblem(
                code: "invalid_value",
                message: "\"\(path)\" has to be AUTO, ANY, NONE or VALIDATED.",
                parameter: path
            )
        }
    }
}

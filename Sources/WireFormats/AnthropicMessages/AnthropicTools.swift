// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// Reads the tools of a request and whether they have to be called.
enum AnthropicTools {
    /// The field `tools`. Those of the service itself, whose `type` is dated, have no schema.
    static func definitions(_ field: AnthropicField) throws(RequestProblem) -> [ToolDefinition] {
        var tools: [ToolDefinition] = []
        for item in try field.items() {
            let type = try item.object().optional("type")?.text() ?? "custom"
            guard type == "custom" else {
                tools.append(ToolDefinition(name: try item.optional("name")?.text() ?? type))
                continue
            }
            let tool = item.tagged(type)
            let schema = try tool.required("input_schema").object()
            _ = try schema.required("type").word(of: ["object"])
            tools.append(
                ToolDefinition(
                    name: try tool.required("name").nonEmptyText(),
                    description: try tool.optional("description")?.text(),
                    parameters: schema.value
                )
            )
        }
        return tools
    }

    /// The field `tool_choice`.
    static func choice(
        _ field: AnthropicField,
        of tools: [ToolDefinition]
    ) throws(RequestProblem) -> (choice: ToolChoice, allowsParallel: Bool) {
        let type = try field.object().required("type").word(of: ["auto", "any", "tool", "none"])
        let allowsParallel = try !(field.optional("disable_parallel_tool_use")?.bool() ?? false)
        switch type {
        case "any": return (.required, allowsParallel)
        case "none": return (.none, allowsParallel)
        case "tool":
            let name = try field.tagged(type).required("name")
            let text = try name.text()
            guard tools.contains(where: { $0.name == text }) else {
                throw name.problem("no tool of that name is given")
            }
            return (.named(text), allowsParallel)
        default: return (.auto, allowsParallel)
        }
    }
}

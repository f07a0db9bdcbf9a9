// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Reads `tools`, `tool_choice` and the deprecated `functions` and `function_call` (openai-chat.md, part 1).
enum OpenAITools {
    private static let maximumTools = 128

    static func read(_ body: OpenAIFields, into chat: inout ChatRequest) throws(RequestProblem) {
        chat.allowsParallelToolCalls = try body.flag("parallel_tool_calls") ?? true
        for (index, item) in (try body.items("tools", atMost: maximumTools) ?? []).enumerated() {
            let tool = try body.item(item, of: "tools", at: index)
            let type = try tool.requiredWord("type", of: ["function", "custom"])
            chat.tools.append(try definition(tool.requiredFields(type)))
        }
        try readChoice(body, into: &chat)
        try readFunctions(body, into: &chat)
    }

    private static func definition(_ fields: OpenAIFields) throws(RequestProblem) -> ToolDefinition {
        let name = try fields.requiredText("name")
        guard isToolName(name) else {
            throw OpenAIObjection.invalid(
                fields.parameter("name"),
                "a name has 1 to 64 of the letters a to z and A to Z, digits, underscores and dashes."
            )
        }
        let description = try fields.text("description")
        guard let parameters = fields["parameters"] else {
            return ToolDefinition(name: name, description: description)
        }
        _ = try OpenAIFields(parameters, path: fields.parameter("parameters"))
        return ToolDefinition(name: name, description: description, parameters: parameters)
    }

    /// `[A-Za-z0-9_-]{1,64}`
    static func isToolName(_ name: String) -> Bool {
        let bytes = name.utf8
        return (1...64).contains(bytes.count)
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private static func readChoice(_ body: OpenAIFields, into chat: inout ChatRequest) throws(RequestProblem) {
        guard let value = body["tool_choice"] else { return }
        if value.text != nil {
            let word = try body.requiredWord("tool_choice", of: ["none", "auto", "required"])
            chat.toolChoice = try choice(word, for: chat)
            return
        }
        let fields = try body.requiredFields("tool_choice")
        let type = try fields.requiredWord("type", of: ["function", "custom", "allowed_tools"])
        let meant = try fields.requiredFields(type)
        guard type == "allowed_tools" else {
            chat.toolChoice = .named(try known(meant.requiredText("name"), parameter: "tool_choice", in: chat))
            return
        }
        let allowed = try allowedNames(meant, in: chat)
        chat.tools.removeAll { !allowed.contains($0.name) }
        chat.toolChoice = try choice(meant.requiredWord("mode", of: ["auto", "required"]), for: chat)
    }

    private static func choice(_ word: String, for chat: ChatRequest) throws(RequestProblem) -> ToolChoice {
        switch word {
        case "none": return .none
        case "required":
            guard !chat.tools.isEmpty else {
                throw OpenAIObjection.invalid("tool_choice", "a call is required, but there are no 'tools' to call.")
            }
            return .required
        default: return .auto
        }
    }

    private static func allowedNames(
        _ fields: OpenAIFields,
        in chat: ChatRequest
    ) throws(RequestProblem) -> Set<String> {
        guard let items = try fields.items("tools", atMost: maximumTools) else {
            throw OpenAIObjection.missing(fields.parameter("tools"))
        }
        var names: Set<String> = []
        for (index, item) in items.enumerated() {
            let tool = try fields.item(item, of: "tools", at: index)
            let type = try tool.requiredWord("type", of: ["function", "custom"])
            let name = try tool.requiredFields(type).requiredText("name")
            names.insert(try known(name, parameter: "tool_choice", in: chat))
        }
        return names
    }

    private static func known(
        _ name: String,
        parameter: String,
        in chat: ChatRequest
    ) throws(RequestProblem) -> String {
        guard chat.tools.contains(where: { $0.name == name }) else {
            let reason = "there is no tool '\(OpenAIObjection.quoted(name))' in this request."
            throw OpenAIObjection.invalid(parameter, reason)
        }
        return name
    }

    /// Functions are tools of which at most one is called.
    private static func readFunctions(_ body: OpenAIFields, into chat: inout ChatRequest) throws(RequestProblem) {
        guard let items = try body.items("functions", atMost: maximumTools), !items.isEmpty else { return }
        guard chat.tools.isEmpty else {
            throw OpenAIObjection.unsupported("functions", "Give either 'tools' or 'functions', not both.")
        }
        for (index, item) in items.enumerated() {
            chat.tools.append(try definition(body.item(item, of: "functions", at: index)))
        }
        chat.allowsParallelToolCalls = false
        guard let value = body["function_call"] else { return }
        if value.text != nil {
            let word = try body.requiredWord("function_call", of: ["none", "auto"])
            chat.toolChoice = try choice(word, for: chat)
        } else {
            let name = try body.requiredFields("function_call").requiredText("name")
            chat.toolChoice = .named(try known(name, parameter: "function_call", in: chat))
        }
    }
}

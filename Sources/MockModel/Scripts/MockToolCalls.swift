// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Which tools the mock calls, and with what arguments.
enum MockToolCalls {
    /// The calls with which `request` is answered; none where it is answered with text.
    ///
    /// A tool that has to be called is. Left to itself, the mock calls a tool when the user has just said a word of
    /// its name; two such tools are both called where that is allowed.
    static func calls(for request: ChatRequest, choice: Int, seed: UInt64) -> [ToolCall] {
        guard !request.tools.isEmpty, request.toolChoice != .none else { return [] }
        let prompt = PromptWords(request.lastUserText)
        let identity = AnswerIdentity(model: request.model, seed: seed, created: 0, inputTokens: 0)
        return tools(for: request, prompt).enumerated().map { position, tool in
            let salt = UInt64(position) &+ 100 &* UInt64(clamping: choice)
            return ToolCall(
                id: identity.name("call_", salt: salt),
                name: tool.name,
                arguments: arguments(of: tool, prompt, seed: seed &+ salt, choices: request.choices)
            )
        }
    }

    private static func tools(for request: ChatRequest, _ prompt: PromptWords) -> [ToolDefinition] {
        let wanted = Array(
            request.tools.lazy.filter { prompt.name(tool: $0.name) }.prefix(request.allowsParallelToolCalls ? 2 : 1)
        )
        switch request.toolChoice {
        case .none: return []
        case .named(let name): return Array(request.tools.lazy.filter { $0.name == name }.prefix(1))
        case .required: return wanted.isEmpty ? Array(request.tools.prefix(1)) : wanted
        case .auto: return request.messages.last?.role == .user ? wanted : []
        }
    }

    /// What the tool's schema takes, with the names that the user has said in the properties that take any text.
    private static func arguments(
        of tool: ToolDefinition,
        _ prompt: PromptWords,
        seed: UInt64,
        choices: Int
    ) -> [UInt8] {
        guard let schema = tool.parameters else { return Array("{}".utf8) }
        let instance = SchemaInstance.make(schema, seed: seed, choices: choices)
        guard case .object(var members) = instance else { return Array("{}".utf8) }
        let properties = schema["properties"]?.members ?? []
        let schemas = Dictionary(properties.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        let free = members.indices.filter { isPlainText(schemas[members[$0].name]) }
        for (index, name) in zip(free, prompt.names.suffix(free.count)) {
            members[index].value = .string(Array(name.utf8))
        }
        return JSONValue.object(members).jsonBytes
    }

    private static func isPlainText(_ schema: JSONValue?) -> Bool {
        guard let schema, schema["type"]?.text == "string", let members = schema.members else { return false }
        return members.allSatisfy { ["type", "title", "description"].contains($0.name) }
    }
}

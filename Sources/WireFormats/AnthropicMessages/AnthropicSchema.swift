// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Makes a JSON Schema one that Anthropic's structured outputs take: they refuse objects that do not rule out further
/// members. What fits the closed schema fits the client's own as well.
enum AnthropicSchema {
    private static let closed = JSONValue.Member(name: "additionalProperties", value: .bool(false))

    static func closed(_ schema: JSONValue) -> JSONValue {
        guard let members = schema.members else { return schema }
        let inner = members.map { JSONValue.Member(name: $0.name, value: value(of: $0.name, $0.value)) }
        return .object(isOpen(schema) ? inner + [closed] : inner)
    }

    /// What the client says of further members stays as it is, for the API to judge.
    private static func isOpen(_ schema: JSONValue) -> Bool {
        guard schema["additionalProperties"] == nil else { return false }
        let types = schema["type"]?.array ?? [schema["type"] ?? .null]
        return types.contains { $0.text == "object" }
    }

    private static func value(of name: String, _ value: JSONValue) -> JSONValue {
        switch name {
        case "properties", "$defs", "definitions":
            guard let members = value.members else { return value }
            return .object(members.map { JSONValue.Member(name: $0.name, value: closed($0.value)) })
        case "items": return closed(value)
        case "anyOf", "oneOf", "allOf": return value.array.map { .array($0.map(closed)) } ?? value
        default: return value
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Makes JSON Schema of Gemini's own schemas, which are a subset of OpenAPI's: type names in capitals, `nullable`,
/// numbers that may be strings, names in snake case. What is JSON Schema already stays as it is.
enum GeminiSchema {
    private static let snakeNames = [
        "anyOf", "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties", "prefixItems",
        "additionalProperties",
    ].map { (BodyField.snakeCase($0), $0) }
    private static let camelNames = Dictionary(snakeNames, uniquingKeysWith: { first, _ in first })
    private static let counts: Set<String> = [
        "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties",
    ]

    static func jsonSchema(_ schema: JSONValue) -> JSONValue {
        guard let members = schema.members else { return schema }
        let isNullable = schema["nullable"] == .bool(true)
        var result: [JSONValue.Member] = []
        for member in members {
            let name = camelNames[member.name] ?? member.name
            if let value = value(of: name, member.value, isNullable: isNullable) {
                result.append(JSONValue.Member(name: name, value: value))
            }
        }
        return .object(result)
    }

    /// Nil for what JSON Schema does not have.
    private static func value(of name: String, _ value: JSONValue, isNullable: Bool) -> JSONValue? {
        switch name {
        case "type":
            guard let type = value.text?.lowercased() else { return value }
            if type == "type_unspecified" { return nil }
            let name = JSONValue.string(Array(type.utf8))
            return isNullable ? .array([name, .string(Array("null".utf8))]) : name
        case "properties", "$defs", "defs", "definitions":
            guard let members = value.members else { return value }
            return .object(members.map { JSONValue.Member(name: $0.name, value: jsonSchema($0.value)) })
        case "items", "additionalProperties", "not": return jsonSchema(value)
        case "anyOf", "oneOf", "allOf", "prefixItems": return value.array.map { .array($0.map(jsonSchema)) } ?? value
        case "nullable", "propertyOrdering", "property_ordering": return nil
        case _ where counts.contains(name): return value.text.map { .number(Int($0).map(String.init) ?? "0") } ?? value
        default: return value
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import JSON

/// Tells whether JSON is an instance of a JSON Schema, for the keywords that tests use: written apart from the maker.
struct SchemaCheck {
    let root: JSONValue

    /// The first thing in `value` that `schema` does not take; nil where it takes all.
    func problem(_ value: JSONValue, _ schema: JSONValue, at path: String = "$", depth: Int = 0) -> String? {
        guard depth < 200 else { return "\(path): too deep" }
        if case .bool(let flag) = schema { return flag ? nil : "\(path): nothing may be here" }
        for keyword in schema.members ?? [] {
            if let problem = check(value, keyword.name, keyword.value, schema, path, depth) {
                return "\(path): \(problem) [\(keyword.name)]"
            }
        }
        return nil
    }

    private func check(
        _ value: JSONValue,
        _ name: String,
        _ rule: JSONValue,
        _ schema: JSONValue,
        _ path: String,
        _ depth: Int
    ) -> String? {
        let fails = { (part: JSONValue) in problem(value, part, at: path, depth: depth + 1) }
        switch name {
        case "$ref": return fails(target(rule.text ?? ""))
        case "type": return types(rule).contains { isType(value, $0) } ? nil : "is \(value.typeName)"
        case "const": return value == rule ? nil : "is another"
        case "enum": return rule.array?.contains(value) == true ? nil : "is none of them"
        case "allOf": return rule.array?.lazy.compactMap(fails).first
        case "anyOf": return rule.array?.contains { fails($0) == nil } == true ? nil : "matches none"
        case "oneOf": return rule.array?.count { fails($0) == nil } == 1 ? nil : "does not match one"
        default: break
        }
        switch value {
        case .number: return checkNumber(value.double ?? 0, name, rule, schema)
        case .string: return checkString(value.text ?? "", name, rule)
        case .array(let items): return checkArray(items, name, rule, schema, path, depth)
        case .object(let members): return checkObject(members, name, rule, schema, path, depth)
        default: return nil
        }
    }

    private func checkNumber(_ number: Double, _ name: String, _ rule: JSONValue, _ schema: JSONValue) -> String? {
        guard let bound = rule.double else {
            let excluded = ["exclusiveMinimum": schema["minimum"], "exclusiveMaximum": schema["maximum"]][name]
            return rule == .bool(true) && number == excluded??.double ? "excluded" : nil
        }
        let holds: Bool
        switch name {
        case "minimum": holds = number >= bound
        case "maximum": holds = number <= bound
        case "exclusiveMinimum": holds = number > bound
        case "exclusiveMaximum": holds = number < bound
        case "multipleOf": holds = abs((number / bound).rounded() - number / bound) < 1e-9
        default: holds = true
        }
        return holds ? nil : "is \(number)"
    }

    private func checkString(_ text: String, _ name: String, _ rule: JSONValue) -> String? {
        let length = text.unicodeScalars.count
        switch name {
        case "minLength": return length >= rule.integer ?? 0 ? nil : "has \(length)"
        case "maxLength": return length <= rule.integer ?? 0 ? nil : "has \(length)"
        case "pattern":
            guard let regex = try? Regex(rule.text ?? "") else { return "no regex" }
            return text.firstMatch(of: regex) == nil ? "is \(text)" : nil
        case "format":
            guard let pattern = Self.formats[rule.text ?? ""], let regex = try? Regex(pattern) else { return nil }
            return text.wholeMatch(of: regex) == nil ? "is \(text)" : nil
        default: return nil
        }
    }

    private func checkArray(
        _ items: [JSONValue],
        _ name: String,
        _ rule: JSONValue,
        _ schema: JSONValue,
        _ path: String,
        _ depth: Int
    ) -> String? {
        switch name {
        case "minItems": return items.count >= rule.integer ?? 0 ? nil : "has \(items.count)"
        case "maxItems": return items.count <= rule.integer ?? 0 ? nil : "has \(items.count)"
        case "uniqueItems":
            let isUnique = items.indices.allSatisfy { !items[..<$0].contains(items[$0]) }
            return isUnique || rule == .bool(false) ? nil : "repeats"
        case "prefixItems":
            return zip(items, rule.array ?? []).lazy.compactMap { problem($0, $1, at: path, depth: depth + 1) }.first
        case "items":
            let rest = items.dropFirst(schema["prefixItems"]?.array?.count ?? 0)
            return rest.lazy.compactMap { problem($0, rule, at: "\(path)[]", depth: depth + 1) }.first
        default: return nil
        }
    }

    private func checkObject(
        _ members: [JSONValue.Member],
        _ name: String,
        _ rule: JSONValue,
        _ schema: JSONValue,
        _ path: String,
        _ depth: Int
    ) -> String? {
        let names = members.map(\.name)
        let known = schema["properties"]?.members?.map(\.name) ?? []
        let parts: [(JSONValue.Member, JSONValue)]
        switch name {
        case "required":
            return rule.array?.compactMap(\.text).first { !names.contains($0) }.map { "lacks \($0)" }
        case "minProperties": return names.count >= rule.integer ?? 0 ? nil : "has \(names.count)"
        case "maxProperties": return names.count <= rule.integer ?? 0 ? nil : "has \(names.count)"
        case "properties": parts = members.compactMap { member in rule[member.name].map { (member, $0) } }
        case "additionalProperties": parts = members.filter { !known.contains($0.name) }.map { ($0, rule) }
        default: return nil
        }
        return parts.lazy.compactMap { member, rule in
            problem(member.value, rule, at: "\(path).\(member.name)", depth: depth + 1)
        }.first
    }

    private func isType(_ value: JSONValue, _ type: String) -> Bool {
        if type == "number" { return value.double != nil }
        return value.typeName == type || (type == "integer" && value.double.map { $0 == $0.rounded() } == true)
    }

    private func types(_ rule: JSONValue) -> [String] {
        rule.text.map { [$0] } ?? rule.array?.compactMap(\.text) ?? []
    }

    private func target(_ reference: String) -> JSONValue {
        reference.split(separator: "/").dropFirst().reduce(root) { value, step in value[String(step)] ?? .bool(false) }
    }

    private static let formats = [
        "date-time": #"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"#,
        "date": #"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d)"#,
        "time": #"([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ"#,
        "email": #"[a-z.]+@[a-z.]+"#,
        "uuid": #"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"#,
        "uri": #"https://[a-z./0-9]+"#,
        "ipv4": #"\d+\.\d+\.\d+\.\d{1,3}"#,
        "ipv6": #"[0-9a-f:]+"#,
        "hostname": #"[a-z0-9.-]+"#,
    ]
}

// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Schemas that one value has to satisfy, `$ref` and `allOf` resolved, put together into one.
struct FlatSchema {
    private static let maximumAlternatives = 64

    private(set) var place: SchemaPlace
    private var members: [String: JSONValue] = [:]
    /// Of each of these one branch has to be added.
    private var alternatives: [[JSONValue]] = []
    /// For each schema that takes no further properties, those it takes.
    private var closedNames: [Set<String>] = []

    init(place: SchemaPlace) {
        self.place = place
    }

    subscript(name: String) -> JSONValue? { members[name] }

    /// Whether there is a member of one of these names.
    func hasAny(of names: [String]) -> Bool {
        names.contains { members[$0] != nil }
    }

    func number(_ name: String) -> Double? { members[name]?.double }

    /// A whole number from 0.
    func count(_ name: String) -> Int? {
        number(name).map { Int(min(max(0, $0.rounded(.up)), 1e15)) }
    }

    func allows(property name: String) -> Bool {
        closedNames.allSatisfy { $0.contains(name) }
    }

    /// Takes off the branches of one `anyOf` or `oneOf`, those that may end a recursion first where there is one.
    mutating func nextAlternatives() -> [JSONValue]? {
        guard let branches = alternatives.popLast() else { return nil }
        guard place.isRecursion else { return branches }
        return branches.filter { $0["$ref"] == nil } + branches.filter { $0["$ref"] != nil }
    }

    /// Adds what `schema` asks for; false where nothing can satisfy it.
    mutating func add(_ schema: JSONValue, root: JSONValue) -> Bool {
        switch schema {
        case .bool(let flag): return flag
        case .object(let parts):
            for part in parts {
                guard add(part, root: root) else { return false }
            }
            if schema["additionalProperties"] == .bool(false), schema["patternProperties"] == nil {
                closedNames.append(Set(schema["properties"]?.members?.map(\.name) ?? []))
            }
            return true
        default: return true
        }
    }

    private mutating func add(_ part: JSONValue.Member, root: JSONValue) -> Bool {
        switch part.name {
        case "$ref":
            guard let reference = part.value.text else { return true }
            guard place.follow(reference) else { return false }
            return SchemaReference.target(of: reference, in: root).map { add($0, root: root) } ?? true
        case "allOf":
            for schema in part.value.array ?? [] {
                guard add(schema, root: root) else { return false }
            }
        case "anyOf", "oneOf":
            guard let branches = part.value.array else { return true }
            guard alternatives.count < Self.maximumAlternatives else { return false }
            alternatives.append(branches)
        default:
            guard let old = members[part.name] else {
                members[part.name] = part.value
                return true
            }
            guard let both = Self.both(part.name, old, part.value) else { return false }
            members[part.name] = both
        }
        return true
    }

    /// A keyword whose value satisfies `old` and `new`; nil where none does.
    private static func both(_ name: String, _ old: JSONValue, _ new: JSONValue) -> JSONValue? {
        switch name {
        case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties":
            return (old.double ?? -.infinity) >= (new.double ?? -.infinity) ? old : new
        case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties":
            return (old.double ?? .infinity) <= (new.double ?? .infinity) ? old : new
        case "const": return old == new ? old : nil
        case "enum":
            let values = (old.array ?? []).filter { (new.array ?? []).contains($0) }
            return values.isEmpty ? nil : .array(values)
        case "type": return commonTypes(old, new)
        case "required": return .array((old.array ?? []) + (new.array ?? []))
        case "properties": return joined(old.members ?? [], new.members ?? [])
        case "items", "additionalProperties", "contains": return all(of: old, new)
        default: return old
        }
    }

    private static func commonTypes(_ old: JSONValue, _ new: JSONValue) -> JSONValue? {
        let olds = SchemaMaker.types(named: old)
        let news = SchemaMaker.types(named: new)
        var common = olds.filter(news.contains)
        if (olds + news).contains("integer"), (olds + news).contains("number"), !common.contains("number") {
            common.append("integer")
        }
        return common.isEmpty ? nil : .array(common.map { .string(Array($0.utf8)) })
    }

    private static func joined(_ old: [JSONValue.Member], _ new: [JSONValue.Member]) -> JSONValue {
        var members = old
        var places = Dictionary(old.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        for member in new {
            if let index = places[member.name] {
                members[index].value = all(of: members[index].value, member.value)
            } else {
                places[member.name] = members.count
                members.append(member)
            }
        }
        return .object(members)
    }

    private static func all(of old: JSONValue, _ new: JSONValue) -> JSONValue {
        old == new ? old : .object([JSONValue.Member(name: "allOf", value: .array([old, new]))])
    }
}

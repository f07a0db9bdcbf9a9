// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Schemas that one value has to satisfy, `$ref` and `allOf` resolved, put together into one.
struct FlatSchema {
    private static let maximumAlternatives = 64

    private(set) var place: SchemaPlace
    private var members: [String: JSONValue] = [:]
    /// Put together apart from the other keywords: of each schema they are looked up, and the rest is not moved.
    private var properties: [JSONValue.Member]?
    private var propertyPlaces: [String: Int] = [:]
    private var required: [JSONValue]?
    /// Of each of these one branch has to be added.
    private var alternatives: [[JSONValue]] = []
    /// For each schema that takes no further properties, those it takes.
    private var closedNames: [Set<String>] = []

    /// Steps it took to put it together. Beyond `mostWork` nothing is added, and so nothing satisfies it.
    private(set) var work = 0
    private let mostWork: Int

    init(place: SchemaPlace, mostWork: Int) {
        self.place = place
        self.mostWork = mostWork
    }

    subscript(name: String) -> JSONValue? {
        switch name {
        case "properties": properties.map { .object($0) }
        case "required": required.map { .array($0) }
        default: members[name]
        }
    }

    /// How much is copied where something is added to a copy of this.
    var size: Int { (properties?.count ?? 0) + (required?.count ?? 0) + members.count }

    /// Whether there is a member of one of these names.
    func hasAny(of names: [String]) -> Bool {
        names.contains { self[$0] != nil }
    }

    func number(_ name: String) -> Double? { members[name]?.double }

    /// A whole number from 0.
    func count(_ name: String) -> Int? {
        number(name).map { Int(min(max(0, $0.rounded(.up)), 1e15)) }
    }

    /// How many sets of names ``allows(property:)`` looks at.
    var closedCount: Int { closedNames.count }

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
            guard spend(1 + parts.count) else { return false }
            for part in parts {
                guard add(part, root: root) else { return false }
            }
            if schema["additionalProperties"] == .bool(false), schema["patternProperties"] == nil {
                guard spend(schema["properties"]?.members?.count ?? 0) else { return false }
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
            let target = SchemaReference.target(of: reference, in: root, work: &work)
            return spend(0) && (target.map { add($0, root: root) } ?? true)
        case "allOf":
            for schema in part.value.array ?? [] {
                guard add(schema, root: root) else { return false }
            }
        case "anyOf", "oneOf":
            guard let branches = part.value.array else { return true }
            guard alternatives.count < Self.maximumAlternatives else { return false }
            alternatives.append(branches)
        case "properties": return join(part.value.members ?? [])
        case "required":
            guard let names = part.value.array else { return true }
            required = (required.take() ?? []) + names
            return spend(names.count)
        default:
            guard let old = members[part.name] else {
                members[part.name] = part.value
                return true
            }
            // Of two lists each item is held against each.
            guard spend((old.array?.count ?? 1) * (part.value.array?.count ?? 1)) else { return false }
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

    /// Adds properties; one that is there already has to satisfy both.
    private mutating func join(_ new: [JSONValue.Member]) -> Bool {
        guard spend(new.count) else { return false }
        var joined = properties.take() ?? []
        for member in new {
            if let index = propertyPlaces[member.name] {
                guard spend(joined[index].value["allOf"]?.array?.count ?? 1) else { return false }
                joined[index].value = Self.all(of: joined[index].value, member.value)
            } else {
                propertyPlaces[member.name] = joined.count
                joined.append(member)
            }
        }
        properties = joined
        return true
    }

    /// In one list however many there are: what is nested deep cannot be looked at, nor freed.
    private static func all(of old: JSONValue, _ new: JSONValue) -> JSONValue {
        if old == new { return old }
        var schemas = [old]
        if case .object(let members) = old, members.count == 1, let list = old["allOf"]?.array { schemas = list }
        return .object([JSONValue.Member(name: "allOf", value: .array(schemas + [new]))])
    }

    private mutating func spend(_ cost: Int) -> Bool {
        work += cost
        return work <= mostWork
    }
}

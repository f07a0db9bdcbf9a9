// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension SchemaMaker {
    /// An object with all properties that `flat` names, as far as they can be made.
    mutating func object(_ flat: FlatSchema) -> JSONValue? {
        let properties = flat["properties"]?.members ?? []
        guard spend((properties.count + (flat["required"]?.array?.count ?? 0)) / 16) else { return nil }
        let required = flat["required"]?.array?.compactMap(\.text) ?? []
        let requiredNames = Set(required)
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        for property in properties where !names.contains(property.name) {
            let isRequired = requiredNames.contains(property.name)
            guard isRequired || !flat.place.isRecursion else { continue }
            if let member = member(property.name, property.value, flat) {
                names.insert(property.name)
                members.append(member)
            } else if isRequired {
                return nil
            }
        }
        for name in required where names.insert(name).inserted {
            guard let member = member(name, flat["additionalProperties"] ?? .bool(true), flat) else { return nil }
            members.append(member)
        }
        if let most = flat.count("maxProperties") {
            while members.count > most, let index = members.lastIndex(where: { !requiredNames.contains($0.name) }) {
                members.remove(at: index)
            }
            guard members.count <= most else { return nil }
        }
        return fill(&members, flat) ? .object(members) : nil
    }

    /// Adds properties that need not be there up to `minProperties`; false where there are none to add.
    private mutating func fill(_ members: inout [JSONValue.Member], _ flat: FlatSchema) -> Bool {
        guard let least = flat.count("minProperties"), members.count < least else { return true }
        guard spend(least - members.count) else { return false }
        var names = Set(members.map(\.name))
        for property in flat["properties"]?.members ?? [] where members.count < least {
            guard names.insert(property.name).inserted else { continue }
            if let member = member(property.name, property.value, flat) { members.append(member) }
        }
        var number = 1
        while members.count < least {
            defer { number += 1 }
            guard names.insert("property\(number)").inserted else { continue }
            let schema = flat["additionalProperties"] ?? .bool(true)
            guard let member = member("property\(number)", schema, flat) else { return false }
            members.append(member)
        }
        return true
    }

    private mutating func member(_ name: String, _ schema: JSONValue, _ flat: FlatSchema) -> JSONValue.Member? {
        guard spend(name.utf8.count / 64 + flat.closedCount / 16), flat.allows(property: name) else { return nil }
        return value(of: schema, at: flat.place.inside(name)).map { JSONValue.Member(name: name, value: $0) }
    }
}

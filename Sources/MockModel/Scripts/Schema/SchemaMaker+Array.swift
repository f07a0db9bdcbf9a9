// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension SchemaMaker {
    /// An array of one or two items, of more or less where `flat` says so; both forms of tuples are read.
    mutating func array(_ flat: FlatSchema) -> JSONValue? {
        let tuple = flat["prefixItems"]?.array ?? flat["items"]?.array ?? []
        let rest = flat["items"]?.array == nil ? flat["items"] : flat["additionalItems"]
        let item = [rest, flat["contains"]].compactMap(\.self)
        let least = max(flat.count("minItems") ?? 0, flat["contains"] == nil ? 0 : 1)
        let most = flat.count("maxItems") ?? .max
        guard least <= most, least < left else { return nil }
        let usual = tuple.isEmpty ? 1 + pick(2) : tuple.count
        let wanted = flat.place.isRecursion ? least : min(most, max(least, usual))
        var items: [JSONValue] = []
        while items.count < wanted {
            let schemas = items.count < tuple.count ? [tuple[items.count]] : item
            let schema = JSONValue.object([JSONValue.Member(name: "allOf", value: .array(schemas))])
            guard let value = nextItem(schema, after: items, flat) else { break }
            items.append(value)
        }
        return items.count >= least ? .array(items) : nil
    }

    private mutating func nextItem(_ schema: JSONValue, after items: [JSONValue], _ flat: FlatSchema) -> JSONValue? {
        guard flat["uniqueItems"] == .bool(true) else { return value(of: schema, at: flat.place.inside()) }
        for _ in 0..<32 {
            guard let item = value(of: schema, at: flat.place.inside()) else { return nil }
            if !items.contains(item) { return item }
        }
        return nil
    }
}

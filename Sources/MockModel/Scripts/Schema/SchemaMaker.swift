// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Typewriter

/// Makes the values of one instance of a schema.
struct SchemaMaker {
    private static let maximumDepth = 32
    /// Steps of putting a schema together that cost as much as a value.
    private static let workPerValue = 16

    let root: JSONValue
    var generator: SeededGenerator
    private(set) var left: Int

    /// - Parameter budget: What the instance may cost: a value costs 1, and 1 more for each 64 bytes.
    init(root: JSONValue, seed: UInt64, budget: Int) {
        self.root = root
        self.left = budget
        self.generator = SeededGenerator(seed: seed)
    }

    /// False where the budget does not allow it; then nothing more is made.
    mutating func spend(_ cost: Int) -> Bool {
        left = cost <= left ? left - cost : 0
        return left > 0
    }

    /// A number from 0 up to but not including `count`.
    mutating func pick(_ count: Int) -> Int {
        Int(generator.next() >> 1) % max(1, count)
    }

    /// A value that `schema` takes; nil where none can be made.
    mutating func value(of schema: JSONValue, at place: SchemaPlace) -> JSONValue? {
        guard place.depth <= Self.maximumDepth, spend(1) else { return nil }
        var flat = FlatSchema(place: place, mostWork: left * Self.workPerValue)
        let canBe = flat.add(schema, root: root)
        return spend(flat.work / Self.workPerValue) && canBe ? value(of: flat) : nil
    }

    private mutating func value(of flat: FlatSchema) -> JSONValue? {
        var rest = flat
        guard let branches = rest.nextAlternatives() else { return plainValue(of: flat) }
        for branch in branches {
            guard spend(1 + rest.size / Self.workPerValue) else { return nil }
            var candidate = rest
            let canBe = candidate.add(branch, root: root)
            guard spend((candidate.work - rest.work) / Self.workPerValue) else { return nil }
            if canBe, let value = value(of: candidate) { return value }
        }
        return nil
    }

    private mutating func plainValue(of flat: FlatSchema) -> JSONValue? {
        if let constant = flat["const"] { return spend(on: constant) }
        if let options = flat["enum"]?.array {
            guard spend(options.count / 16) else { return nil }
            let fitting = options.filter { $0.fits(flat) }
            guard !fitting.isEmpty else { return nil }
            return spend(on: fitting[pick(fitting.count)])
        }
        let examples = (flat["examples"]?.array ?? []) + [flat["example"], flat["default"]].compactMap(\.self)
        guard spend(examples.count / 16) else { return nil }
        if let example = examples.first(where: { $0.isScalar && $0.fits(flat) }) { return spend(on: example) }
        for type in Self.types(of: flat) {
            if let value = value(of: type, flat) { return value }
        }
        return nil
    }

    private mutating func value(of type: String, _ flat: FlatSchema) -> JSONValue? {
        switch type {
        case "object": object(flat)
        case "array": array(flat)
        case "string": string(flat)
        case "integer": number(flat, isWhole: true)
        case "number": number(flat, isWhole: false)
        case "boolean": .bool(pick(2) == 1)
        case "null": .null
        default: nil
        }
    }

    /// The types that `flat` names, `null` last; where it names none, the one whose keywords it has.
    private static func types(of flat: FlatSchema) -> [String] {
        if let named = flat["type"] {
            let types = types(named: named)
            return types.filter { $0 != "null" } + types.filter { $0 == "null" }
        }
        let keywords = [
            ("object", ["properties", "required", "additionalProperties", "minProperties", "maxProperties"]),
            ("array", ["items", "prefixItems", "minItems", "maxItems", "contains", "uniqueItems"]),
            ("number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
        ]
        return [keywords.first { flat.hasAny(of: $0.1) }?.0 ?? "string"]
    }

    static func types(named value: JSONValue) -> [String] {
        value.text.map { [$0] } ?? value.array?.compactMap(\.text) ?? []
    }

    private mutating func spend(on value: JSONValue) -> JSONValue? {
        spend(value.jsonBytes.count / 64) ? value : nil
    }
}

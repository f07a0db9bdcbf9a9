// SPDX-License-Identifier: Apache-2.0

public import JSON

/// Makes JSON that a JSON Schema takes.
public enum SchemaInstance {
    /// What all instances of a request may cost together, some 20 ms: an event loop waits for them.
    private static let budget = 5_000
    /// What each may cost however many there are.
    private static let leastBudget = 250

    /// An instance of `schema`. The same schema and seed give the same.
    ///
    /// All properties are filled, and of alternatives the first that can be made is taken. `pattern` is followed as far
    /// as ``PatternParser`` reads it; `not`, `if` and that no second branch of a `oneOf` matches are not looked at.
    /// Depth and size are bounded: where a schema refers to itself, optional parts are dropped; where nothing can be
    /// made, the instance is an empty object.
    /// - Parameter choices: How many instances the request asks for: of many, each has to be smaller.
    public static func make(_ schema: JSONValue, seed: UInt64, choices: Int = 1) -> JSONValue {
        var maker = SchemaMaker(root: schema, seed: seed, budget: max(budget / max(choices, 1), leastBudget))
        return maker.value(of: schema, at: SchemaPlace()) ?? .object([])
    }
}

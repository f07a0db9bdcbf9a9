// SPDX-License-Identifier: Apache-2.0

public import JSON

/// Makes JSON that a JSON Schema takes.
public enum SchemaInstance {
    /// An instance of `schema`. The same schema and seed give the same.
    ///
    /// All properties are filled, and of alternatives the first that can be made is taken. `pattern` is followed as far
    /// as ``PatternParser`` reads it; `not`, `if` and that no second branch of a `oneOf` matches are not looked at.
    /// Depth and size are bounded: where a schema refers to itself, optional parts are dropped; where nothing can be
    /// made, the instance is an empty object.
    public static func make(_ schema: JSONValue, seed: UInt64) -> JSONValue {
        var maker = SchemaMaker(root: schema, seed: seed)
        return maker.value(of: schema, at: SchemaPlace()) ?? .object([])
    }
}

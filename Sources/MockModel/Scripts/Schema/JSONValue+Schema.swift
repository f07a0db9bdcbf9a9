// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension JSONValue {
    /// Whether this is a string, a number or a boolean.
    var isScalar: Bool {
        switch self {
        case .string, .number, .bool: true
        case .null, .array, .object: false
        }
    }

    /// Whether `flat` takes this, as far as its type, length and range say.
    func fits(_ flat: FlatSchema) -> Bool {
        if let named = flat["type"] {
            let types = SchemaMaker.types(named: named)
            guard types.contains(typeName) || isNumber(of: types) else { return false }
        }
        switch self {
        case .string(let bytes):
            let length = String(decoding: bytes, as: UTF8.self).unicodeScalars.count
            return length >= flat.count("minLength") ?? 0 && length <= flat.count("maxLength") ?? .max
        case .number: return NumberRange(flat).contains(self)
        default: return true
        }
    }

    private func isNumber(of types: [String]) -> Bool {
        guard let double else { return false }
        return types.contains("number") || (types.contains("integer") && double == double.rounded())
    }
}

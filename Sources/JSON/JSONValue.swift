// SPDX-License-Identifier: Apache-2.0

/// A JSON text as it was written: numbers keep their digits, strings their bytes, objects their order.
public enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// The digits, unread: a seed needs all 64 bits, and a parameter its plain form.
    case number(String)
    /// Bytes, unescaped but not repaired: may be cut inside a UTF-8 sequence, and holds a lone surrogate as the three
    /// bytes of WTF-8.
    case string([UInt8])
    case array([JSONValue])
    case object([Member])

    /// One name and its value.
    public struct Member: Equatable, Sendable {
        public var name: String
        public var value: JSONValue

        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The value of the first member called `name`, if this is an object that has one.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The bytes of a string.
    public var bytes: [UInt8]? {
        if case .string(let bytes) = self { bytes } else { nil }
    }

    /// A string as text, repaired where it is not valid.
    public var text: String? {
        bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    public var integer: Int? {
        if case .number(let digits) = self { Int(digits) } else { nil }
    }

    public var array: [JSONValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    public var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// A number, as near as a double comes to it.
    public var double: Double? {
        if case .number(let digits) = self { Double(digits) } else { nil }
    }

    /// The value as JSON text, without white space.
    public var jsonBytes: [UInt8] {
        var text = JSONText()
        text.value(self)
        return text.bytes
    }

    /// The name of the type, for messages: `object`, `array`, `string`, `integer`, `number`, `boolean`, `null`.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number(let digits): Int(digits) == nil ? "number" : "integer"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }
}

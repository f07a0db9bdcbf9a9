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

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }
}

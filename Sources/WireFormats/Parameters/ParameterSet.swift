// SPDX-License-Identifier: Apache-2.0

public import JSON

/// Parameters by name, as text, from a query, a JSON body, or the tail of a model's name.
public struct ParameterSet: Equatable, Sendable {
    private var values: [String: String] = [:]

    public init() {}

    public init(values: [String: String]) {
        self.values = values
    }

    public var names: some Collection<String> { values.keys }

    public subscript(name: String) -> String? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// Reads a query: `+` is a space, the rest percent-encoded UTF-8.
    public init(query: String) throws(RequestProblem) {
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let mark = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = try Self.decode(pair[..<mark], of: nil)
            let value = try Self.decode(pair[mark...].dropFirst(), of: name)
            try add(name, value)
        }
    }

    /// Takes the members of a JSON object.
    /// - Parameters:
    ///   - texts: The names whose values are strings; those of others may be numbers too.
    ///   - lists: The names whose values may be arrays of strings.
    public init(
        members: [JSONValue.Member],
        texts: Set<String>,
        lists: Set<String>
    ) throws(RequestProblem) {
        for member in members {
            switch member.value {
            case .string(let bytes):
                try add(member.name, String(decoding: bytes, as: UTF8.self))
            case .number(let digits) where !texts.contains(member.name) && !lists.contains(member.name):
                try add(member.name, digits)
            case .array(let items) where lists.contains(member.name):
                var texts: [String] = []
                for item in items {
                    guard let text = item.text else { throw Self.wrongType(member.name, "an array of strings") }
                    texts.append(text)
                }
                try add(member.name, texts.joined(separator: ","))
            default:
                let isText = texts.contains(member.name)
                let isList = lists.contains(member.name)
                let expected =
                    isList ? "an array of strings, or a string" : isText ? "a string" : "a number or a string"
                throw Self.wrongType(member.name, expected)
            }
        }
    }

    /// Adds what `other` has and this does not.
    public mutating func fill(from other: ParameterSet) {
        values.merge(other.values) { mine, _ in mine }
    }

    /// Refuses a name that nobody knows.
    public func check(known: Set<String>) throws(RequestProblem) {
        guard let stranger = values.keys.sorted().first(where: { !known.contains($0) }) else { return }
        throw RequestProblem(
            code: "unknown_parameter",
            message: "There is no parameter \"\(stranger)\". Known here: \(known.sorted().joined(separator: ", ")).",
            parameter: stranger
        )
    }

    private mutating func add(_ name: String, _ value: String) throws(RequestProblem) {
        guard values.updateValue(value, forKey: name) == nil else { throw Self.repeated(name) }
    }

    /// The problem of a parameter that is given more than once.
    static func repeated(_ name: String) -> RequestProblem {
        RequestProblem(
            code: "repeated_parameter",
            message: "The parameter \"\(name)\" is given more than once.",
            parameter: name
        )
    }

    private static func wrongType(_ name: String, _ expected: String) -> RequestProblem {
        RequestProblem(
            code: "invalid_parameter",
            message: "The value of \"\(name)\" has to be \(expected).",
            parameter: name
        )
    }

    private static func decode(
        _ text: some Collection<UInt8>,
        of name: String?
    ) throws(RequestProblem) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            switch text[index] {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                let high = text.index(after: index)
                guard high < text.endIndex, let first = hexDigit(text[high]),
                    case let low = text.index(after: high), low < text.endIndex, let second = hexDigit(text[low])
                else { throw badEncoding("a % is not followed by two hexadecimal digits", of: name) }
                bytes.append(first << 4 | second)
                index = low
            case let byte: bytes.append(byte)
            }
            index = text.index(after: index)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw badEncoding("the bytes are not valid UTF-8", of: name)
        }
        return decoded
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
    }

    private static func badEncoding(_ reason: String, of name: String?) -> RequestProblem {
        RequestProblem(
            code: "malformed_encoding",
            message: "The query is not percent-encoded UTF-8: \(reason).",
            parameter: name
        )
    }
}

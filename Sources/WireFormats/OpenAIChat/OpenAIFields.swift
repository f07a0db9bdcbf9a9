// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// The members of an object in a request to OpenAI's API, read by name and type.
///
/// Members that nobody asks for are passed over; `null` is as good as absent.
struct OpenAIFields {
    private let object: JSONValue
    /// Where the object is in the body, such as `messages[0]`; empty for the body.
    private let path: String

    init(body: [UInt8]) throws(RequestProblem) {
        guard String(validating: body, as: UTF8.self) != nil else {
            throw RequestProblem(code: "malformed_json", message: "The body of your request is not valid UTF-8.")
        }
        do {
            object = try JSONReader.read(body)
        } catch {
            let message = "The body of your request is not valid JSON: at byte \(error.offset), \(error.reason)."
            throw RequestProblem(code: "malformed_json", message: message)
        }
        path = ""
        guard case .object = object else {
            throw RequestProblem(code: "malformed_json", message: "The body of your request has to be a JSON object.")
        }
    }

    init(_ value: JSONValue, path: String) throws(RequestProblem) {
        guard case .object = value else {
            throw OpenAIObjection.wrongType(path, expected: "an object", value: value)
        }
        object = value
        self.path = path
    }

    /// The name of a member from the body on, such as `messages[0].role`.
    func parameter(_ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    /// Nil where the member is absent or `null`.
    subscript(name: String) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    func text(_ name: String) throws(RequestProblem) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.text else { throw wrongType(name, "a string", value) }
        return text
    }

    func requiredText(_ name: String) throws(RequestProblem) -> String {
        guard let text = try text(name) else { throw OpenAIObjection.missing(parameter(name)) }
        return text
    }

    /// One of the words that are known.
    func word(_ name: String, of known: [String]) throws(RequestProblem) -> String? {
        guard let text = try text(name) else { return nil }
        guard known.contains(text) else {
            throw OpenAIObjection.unknownWord(parameter(name), text, known: known)
        }
        return text
    }

    func requiredWord(_ name: String, of known: [String]) throws(RequestProblem) -> String {
        guard let word = try word(name, of: known) else { throw OpenAIObjection.missing(parameter(name)) }
        return word
    }

    func flag(_ name: String) throws(RequestProblem) -> Bool? {
        guard let value = self[name] else { return nil }
        guard let flag = value.bool else { throw wrongType(name, "a boolean", value) }
        return flag
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(RequestProblem) -> Int? {
        guard let value = self[name] else { return nil }
        guard let integer = value.integer else { throw wrongType(name, "an integer", value) }
        guard range.contains(integer) else {
            let isBelow = integer < range.lowerBound
            let bound = isBelow ? "a value >= \(range.lowerBound)" : "a value <= \(range.upperBound)"
            throw OpenAIObjection.outOfRange(parameter(name), kind: "integer", isBelow: isBelow, bound: bound)
        }
        return integer
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws(RequestProblem) -> Double? {
        guard let value = self[name] else { return nil }
        guard let number = value.double else { throw wrongType(name, "a number", value) }
        guard range.contains(number) else {
            let isBelow = number < range.lowerBound
            let bound = isBelow ? "a value >= \(range.lowerBound)" : "a value <= \(range.upperBound)"
            throw OpenAIObjection.outOfRange(parameter(name), kind: "decimal", isBelow: isBelow, bound: bound)
        }
        return number
    }

    func items(_ name: String, atMost limit: Int = .max) throws(RequestProblem) -> [JSONValue]? {
        guard let value = self[name] else { return nil }
        guard let items = value.array else { throw wrongType(name, "an array", value) }
        guard items.count <= limit else {
            throw OpenAIObjection.tooMany(parameter(name), limit: limit, count: items.count)
        }
        return items
    }

    func fields(_ name: String) throws(RequestProblem) -> OpenAIFields? {
        guard let value = self[name] else { return nil }
        return try OpenAIFields(value, path: parameter(name))
    }

    func requiredFields(_ name: String) throws(RequestProblem) -> OpenAIFields {
        guard let fields = try fields(name) else { throw OpenAIObjection.missing(parameter(name)) }
        return fields
    }

    /// An item of an array that ``items(_:atMost:)`` gave.
    func item(_ value: JSONValue, of name: String, at index: Int) throws(RequestProblem) -> OpenAIFields {
        try OpenAIFields(value, path: "\(parameter(name))[\(index)]")
    }

    /// An array of strings, or one string alone.
    func texts(_ name: String, atMost limit: Int) throws(RequestProblem) -> [String] {
        if let text = self[name]?.text { return [text] }
        guard let value = self[name] else { return [] }
        guard value.array != nil else { throw wrongType(name, "a string or an array of strings", value) }
        var texts: [String] = []
        for (index, item) in (try items(name, atMost: limit) ?? []).enumerated() {
            guard let text = item.text else { throw wrongType("\(name)[\(index)]", "a string", item) }
            texts.append(text)
        }
        return texts
    }

    private func wrongType(_ name: String, _ expected: String, _ value: JSONValue) -> RequestProblem {
        OpenAIObjection.wrongType(parameter(name), expected: expected, value: value)
    }
}

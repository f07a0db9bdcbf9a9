// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// A value of a request and where it stands: reads it, or tells what is wrong with it as the real API does,
/// `messages.0.role: …`. A member that is `null` counts as not given.
struct AnthropicField {
    let value: JSONValue
    /// As messages tell it, with the tags that tell kinds apart: `messages.0.content.1.text.text`.
    private let place: String
    /// As programs are told: `messages[0].content[1].text`.
    private let parameter: String

    init(root value: JSONValue) {
        self.init(value, place: "", parameter: "")
    }

    private init(_ value: JSONValue, place: String, parameter: String) {
        self.value = value
        self.place = place
        self.parameter = parameter
    }

    /// The same field; what is wrong with its members is told of this kind of it.
    func tagged(_ tag: String) -> AnthropicField {
        AnthropicField(value, place: place + "." + tag, parameter: parameter)
    }

    func optional(_ name: String) -> AnthropicField? {
        guard let member = value[name], !member.isNull else { return nil }
        return child(name, member)
    }

    func required(_ name: String) throws(RequestProblem) -> AnthropicField {
        guard let field = optional(name) else { throw child(name, .null).problem("Field required") }
        return field
    }

    /// The items of a list.
    func items() throws(RequestProblem) -> [AnthropicField] {
        guard let items = value.array else { throw problem("Input should be a valid list") }
        return items.enumerated().map { index, item in
            AnthropicField(item, place: "\(place).\(index)", parameter: "\(parameter)[\(index)]")
        }
    }

    /// Itself, which is an object.
    func object() throws(RequestProblem) -> AnthropicField {
        guard value.members != nil else { throw problem("Input should be a valid dictionary") }
        return self
    }

    func text() throws(RequestProblem) -> String {
        guard let text = value.text else { throw problem("Input should be a valid string") }
        return text
    }

    func nonEmptyText() throws(RequestProblem) -> String {
        let text = try text()
        guard !text.isEmpty else { throw problem("String should have at least 1 character") }
        return text
    }

    func bool() throws(RequestProblem) -> Bool {
        guard let flag = value.bool else { throw problem("Input should be a valid boolean") }
        return flag
    }

    func integer(atLeast minimum: Int) throws(RequestProblem) -> Int {
        guard let number = value.integer else { throw problem("Input should be a valid integer") }
        guard number >= minimum else { throw problem("Input should be greater than or equal to \(minimum)") }
        return number
    }

    /// A number from 0 to 1.
    func fraction() throws(RequestProblem) -> Double {
        guard let number = value.double else { throw problem("Input should be a valid number") }
        guard (0...1).contains(number) else { throw problem("Input should be from 0 to 1") }
        return number
    }

    /// One of a few words; the problem names them all.
    func word(of words: [String]) throws(RequestProblem) -> String {
        guard let word = value.text, words.contains(word) else {
            let quoted = words.map { "'\($0)'" }
            let list = quoted.dropLast().joined(separator: ", ")
            throw problem("Input should be \(list.isEmpty ? "" : list + " or ")\(quoted.last ?? "")")
        }
        return word
    }

    func problem(_ message: String) -> RequestProblem {
        RequestProblem(
            code: "invalid_request_error",
            message: place.isEmpty ? message : "\(place): \(message)",
            parameter: parameter.isEmpty ? nil : parameter
        )
    }

    private func child(_ name: String, _ value: JSONValue) -> AnthropicField {
        AnthropicField(
            value,
            place: place.isEmpty ? name : "\(place).\(name)",
            parameter: parameter.isEmpty ? name : "\(parameter).\(name)"
        )
    }
}

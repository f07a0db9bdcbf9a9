// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// A value of a request's JSON body and where it stands: reads it, or says what is wrong with it. A member that is
/// `null` counts as not given.
struct BodyField {
    let value: JSONValue
    /// Such as `messages[0].role`; empty for the body itself.
    let path: String

    private init(_ value: JSONValue, path: String) {
        self.value = value
        self.path = path
    }

    /// Reads a whole body, which has to be an object.
    init(body: [UInt8]) throws(RequestProblem) {
        guard !body.isEmpty else { throw Self.malformed("The request has no body; it has to be a JSON object.") }
        guard String(validating: body, as: UTF8.self) != nil else {
            throw Self.malformed("The body is not valid UTF-8.")
        }
        do {
            value = try JSONReader.read(body)
        } catch {
            throw Self.malformed("The body is not valid JSON: at byte \(error.offset), \(error.reason).")
        }
        path = ""
        guard value.members != nil else { throw Self.malformed("The body has to be a JSON object.") }
    }

    /// The member `name`; the last one where there are several, as most readers of JSON have it.
    func optional(_ name: String) -> BodyField? {
        guard let member = value.members?.last(where: { $0.name == name }), !member.value.isNull else { return nil }
        return BodyField(member.value, path: child(name))
    }

    func required(_ name: String) throws(RequestProblem) -> BodyField {
        guard let field = optional(name) else {
            let path = child(name)
            throw RequestProblem(
                code: "missing_required_parameter",
                message: "\"\(path)\" is required.",
                parameter: path
            )
        }
        return field
    }

    func items() throws(RequestProblem) -> [BodyField] {
        guard let items = value.array else { throw wrongType("an array") }
        return items.enumerated().map { BodyField($1, path: "\(path)[\($0)]") }
    }

    /// Itself, which is an object.
    func object() throws(RequestProblem) -> BodyField {
        guard value.members != nil else { throw wrongType("an object") }
        return self
    }

    func text() throws(RequestProblem) -> String {
        guard let text = value.text else { throw wrongType("a string") }
        return text
    }

    func flag() throws(RequestProblem) -> Bool {
        guard let flag = value.bool else { throw wrongType("true or false") }
        return flag
    }

    /// A whole number, also one written as `1.0` or `1e3`.
    func integer() throws(RequestProblem) -> Int {
        guard let integer = value.integer ?? value.double.flatMap(Int.init(exactly:)) else {
            throw wrongType("an integer")
        }
        return integer
    }

    /// - Parameter kind: What would be right, such as `a string`.
    func wrongType(_ kind: String) -> RequestProblem {
        problem("\"\(path)\" has to be \(kind), not \(value.typeName).", code: "invalid_type")
    }

    func problem(_ message: String, code: String = "invalid_value") -> RequestProblem {
        RequestProblem(code: code, message: message, parameter: path)
    }

    private func child(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private static func malformed(_ message: String) -> RequestProblem {
        RequestProblem(code: "invalid_json", message: message)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// What the JSON form of protocol buffers takes beside what other APIs do (gemini.md, Endpoints).
extension BodyField {
    /// The member `name`, given in camel case, in which the body may also have it in snake case.
    func either(_ name: String) -> BodyField? {
        optional(name) ?? optional(Self.snakeCase(name))
    }

    func requiredEither(_ name: String) throws(RequestProblem) -> BodyField {
        if let field = either(name) { return field }
        return try required(name)
    }

    /// Several objects, or one that stands for a list of one.
    func objects() throws(RequestProblem) -> [BodyField] {
        guard value.members == nil else { return [self] }
        var objects: [BodyField] = []
        for item in try items() { objects.append(try item.object()) }
        return objects
    }

    /// A whole number, which may be written as a string.
    func protoInteger() throws(RequestProblem) -> Int {
        if let integer = value.text.flatMap({ Int($0) }) { return integer }
        return try integer()
    }

    /// A number, which may be written as a string, in `range`.
    func protoNumber(in range: ClosedRange<Double>) throws(RequestProblem) -> Double {
        guard let number = value.double ?? value.text.flatMap({ Double($0) }) else { throw wrongType("a number") }
        guard range.contains(number) else {
            throw problem("\"\(path)\" has to be from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    static func snakeCase(_ name: String) -> String {
        var text = ""
        for character in name { text += character.isUppercase ? "_" + character.lowercased() : String(character) }
        return text
    }
}

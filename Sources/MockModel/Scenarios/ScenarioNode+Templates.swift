// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Yams

extension ScenarioNode {
    /// A JSON value may be nested that deep, and hold so many values: aliases make much of little.
    private static let maximumDepth = 64
    private static let maximumValues = 10_000

    func template() throws(ScenarioProblem) -> Template {
        do {
            return try Template(try text())
        } catch let mistake as Template.Mistake {
            throw problem(mistake.message, line: textLine.map { $0 + (isBlock ? mistake.line : 0) })
        } catch {
            throw problem("has to be text")
        }
    }

    /// The JSON text of a tool's arguments: a mapping or a list is written as JSON, text stands for itself.
    func arguments() throws(ScenarioProblem) -> Template {
        guard isMapping || isList else { return try template() }
        var template = Template()
        var values = 0
        try appendJSON(to: &template, depth: 0, values: &values)
        return template
    }

    private func appendJSON(to out: inout Template, depth: Int, values: inout Int) throws(ScenarioProblem) {
        values += 1
        guard depth < Self.maximumDepth else { throw problem("is nested too deep, \(Self.maximumDepth) at most") }
        guard values <= Self.maximumValues else { throw problem("has more than \(Self.maximumValues) values") }
        if isMapping {
            out.append("{")
            for (index, member) in try namedMembers().enumerated() {
                if index > 0 { out.append(",") }
                var name: [UInt8] = []
                JSONText.appendString(Array(member.name.utf8).span, to: &name)
                out.append(name)
                out.append(":")
                try member.value.appendJSON(to: &out, depth: depth + 1, values: &values)
            }
            out.append("}")
        } else if isList {
            out.append("[")
            for (index, item) in try items().enumerated() {
                if index > 0 { out.append(",") }
                try item.appendJSON(to: &out, depth: depth + 1, values: &values)
            }
            out.append("]")
        } else if let literal = plainLiteral {
            out.append(literal)
        } else {
            out.append("\"")
            out.append(try template().escaped)
            out.append("\"")
        }
    }

    /// The JSON of a scalar that is no text: as in YAML's core schema, but only numbers that JSON can write.
    private var plainLiteral: String? {
        guard isPlain, let text = node.scalar?.string else { return nil }
        if isNull { return "null" }
        switch try? JSONReader.read(Array(text.utf8)) {
        case .bool, .number: return text
        default: return nil
        }
    }

    private var isBlock: Bool {
        [.literal, .folded].contains(node.scalar?.style)
    }

    /// The line where the text begins: that of a block is the one after its `|`.
    private var textLine: Int? {
        node.mark.map { isBlock ? $0.line + 1 : $0.line }
    }
}

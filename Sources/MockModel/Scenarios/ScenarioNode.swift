// SPDX-License-Identifier: Apache-2.0

internal import Yams

/// A value in a scenario file, which knows where it stands.
struct ScenarioNode {
    private static let maximumBytes = 16 << 20

    let node: Node
    let source: String
    let path: String
    /// The line of its key, or its own.
    let line: Int?

    private init(node: Node, source: String, path: String, line: Int?) {
        self.node = node
        self.source = source
        self.path = path
        self.line = line
    }

    /// Reads a file; nil where it holds nothing.
    init?(_ source: ScenarioSource) throws(ScenarioProblem) {
        guard source.text.utf8.count <= Self.maximumBytes else {
            throw ScenarioProblem(source: source.path, message: "has to be 16 MiB or shorter")
        }
        let root: Node?
        do {
            root = try compose(yaml: source.text)
        } catch let error as YamlError {
            throw Self.syntaxProblem(error, source: source)
        } catch {
            throw ScenarioProblem(source: source.path, message: "is not valid YAML")
        }
        guard let root else { return nil }
        self.init(node: root, source: source.path, path: "", line: root.mark?.line)
        if isNull { return nil }
    }

    private static func syntaxProblem(_ error: YamlError, source: ScenarioSource) -> ScenarioProblem {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ScenarioProblem(source: source.path, line: mark.line, message: "is not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            ScenarioProblem(
                source: source.path,
                line: secondLine(of: duplicates.first ?? "", after: context.mark.line, in: source.text),
                key: duplicates.first,
                message: "is given twice"
            )
        case .reader(let problem, _, _, _):
            ScenarioProblem(source: source.path, message: "is not valid YAML: \(problem)")
        default: ScenarioProblem(source: source.path, message: "is not valid YAML")
        }
    }

    /// The parser tells where a repeated key stands first; the one to take out is the second.
    private static func secondLine(of key: String, after first: Int, in yaml: String) -> Int {
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(first)
        let second = lines.firstIndex { line in
            line.drop { $0.isWhitespace || $0 == "-" }.hasPrefix("\(key):")
        }
        return second.map { $0 + 1 } ?? first
    }

    func problem(_ message: String) -> ScenarioProblem {
        problem(message, line: line)
    }

    func problem(_ message: String, line: Int?) -> ScenarioProblem {
        ScenarioProblem(source: source, line: line, key: path.isEmpty ? nil : path, message: message)
    }

    // MARK: Collections

    var isMapping: Bool { node.mapping != nil }
    var isList: Bool { node.sequence != nil }

    /// Nothing, written as nothing, `~` or `null`.
    var isNull: Bool { isPlain && ["", "~", "null"].contains(node.scalar?.string) }

    /// The members of a mapping by name, after checking that each name is known.
    func members(known: [String]) throws(ScenarioProblem) -> [String: ScenarioNode] {
        var members: [String: ScenarioNode] = [:]
        for (name, member) in try namedMembers() {
            guard known.contains(name) else {
                throw member.problem("there is no such key; known here: \(known.joined(separator: ", "))")
            }
            members[name] = member
        }
        return members
    }

    /// The members of a mapping whose names are the user's own, in their order.
    func namedMembers() throws(ScenarioProblem) -> [(name: String, value: ScenarioNode)] {
        if isNull { return [] }
        guard let mapping = node.mapping else { throw problem("has to be a mapping of keys to values") }
        var members: [(name: String, value: ScenarioNode)] = []
        var names: Set<String> = []
        for (key, value) in mapping {
            let line = key.mark?.line ?? line
            guard let name = key.scalar?.string else { throw problem("a key has to be text", line: line) }
            let path = self.path.isEmpty ? name : "\(self.path).\(name)"
            let member = ScenarioNode(node: value, source: source, path: path, line: line)
            guard names.insert(name).inserted else { throw member.problem("is given twice") }
            members.append((name, member))
        }
        return members
    }

    func items() throws(ScenarioProblem) -> [ScenarioNode] {
        guard let sequence = node.sequence else { throw problem("has to be a list") }
        return sequence.enumerated().map { index, item in
            ScenarioNode(node: item, source: source, path: "\(path)[\(index)]", line: item.mark?.line ?? line)
        }
    }

    /// The items of a list, or what stands alone.
    func itemsOrSelf() throws(ScenarioProblem) -> [ScenarioNode] {
        isList ? try items() : [self]
    }

    // MARK: Scalars

    /// Whether it is written without quotes, so that it may mean something else than text.
    var isPlain: Bool {
        guard let scalar = node.scalar else { return false }
        return scalar.style == .plain && scalar.tag.description != "tag:yaml.org,2002:str"
    }

    /// Text, or what can be written as it.
    func text() throws(ScenarioProblem) -> String {
        guard let scalar = node.scalar else { throw problem("has to be text") }
        return scalar.string
    }

    func nonEmptyText() throws(ScenarioProblem) -> String {
        let text = try text()
        guard !text.isEmpty else { throw problem("may not be empty") }
        return text
    }

    func integer(in range: ClosedRange<Int>) throws(ScenarioProblem) -> Int {
        guard let value = Int(try text()), range.contains(value) else {
            throw problem("has to be a whole number, \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func decimal(in range: ClosedRange<Double>) throws(ScenarioProblem) -> Double {
        guard let value = Double(try text()), range.contains(value) else {
            throw problem("has to be a number, \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func flag() throws(ScenarioProblem) -> Bool {
        guard let flag = plainFlag else { throw problem("has to be true or false") }
        return flag
    }

    /// True or false written without quotes; nil for all else.
    var plainFlag: Bool? {
        isPlain ? node.scalar.flatMap { Bool($0.string) } : nil
    }

    func choice<Choice: CaseIterable & RawRepresentable<String>>(
        of type: Choice.Type
    ) throws(ScenarioProblem) -> Choice {
        guard let choice = Choice(rawValue: try text()) else {
            let known = type.allCases.map(\.rawValue).joined(separator: ", ")
            throw problem("has to be one of \(known)")
        }
        return choice
    }
}

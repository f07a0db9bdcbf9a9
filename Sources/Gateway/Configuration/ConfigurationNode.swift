// SPDX-License-Identifier: Apache-2.0

internal import Yams

/// A value in a configuration file, which knows where it stands.
struct ConfigurationNode {
    let node: Node
    let source: String
    let path: String
    let environment: [String: String]

    func problem(_ message: String) -> ConfigurationProblem {
        ConfigurationProblem(source: source, line: node.mark?.line, key: path.isEmpty ? nil : path, message: message)
    }

    /// The members of a mapping by name, after checking that each name is known and comes once.
    func members(known: [String]) throws(ConfigurationProblem) -> [String: ConfigurationNode] {
        let members = try namedMembers()
        for (name, member) in members where !known.contains(name) {
            throw member.problem("there is no such key; known here: \(known.joined(separator: ", "))")
        }
        return members
    }

    /// The members of a mapping whose names are the user's own.
    func namedMembers() throws(ConfigurationProblem) -> [String: ConfigurationNode] {
        if case .scalar(let scalar) = node, scalar.string.isEmpty || scalar.string == "null" { return [:] }
        guard let mapping = node.mapping else { throw problem("has to be a mapping of keys to values") }
        var members: [String: ConfigurationNode] = [:]
        for (key, value) in mapping {
            let name = key.string ?? ""
            let path = self.path.isEmpty ? name : "\(self.path).\(name)"
            let member = ConfigurationNode(node: value, source: source, path: path, environment: environment)
            guard members.updateValue(member, forKey: name) == nil else { throw member.problem("is given twice") }
        }
        return members
    }

    func items() throws(ConfigurationProblem) -> [ConfigurationNode] {
        guard let sequence = node.sequence else { throw problem("has to be a list") }
        return sequence.enumerated().map { index, item in
            ConfigurationNode(node: item, source: source, path: "\(path)[\(index)]", environment: environment)
        }
    }

    /// Text, in which `${NAME}` stands for a variable of the environment.
    func text() throws(ConfigurationProblem) -> String {
        guard let text = node.scalar?.string else { throw problem("has to be text") }
        guard text.hasPrefix("${"), text.hasSuffix("}") else { return text }
        let name = String(text.dropFirst(2).dropLast())
        guard let value = environment[name], !value.isEmpty else {
            throw problem("the environment variable \(name) is not set")
        }
        return value
    }

    /// One of several words, by which a value is meant.
    func choice<Value>(of choices: [(name: String, value: Value)]) throws(ConfigurationProblem) -> Value {
        let word = try text()
        guard let choice = choices.first(where: { $0.name == word }) else {
            throw problem("has to be one of \(choices.map(\.name).joined(separator: ", "))")
        }
        return choice.value
    }

    func flag() throws(ConfigurationProblem) -> Bool {
        try choice(of: [("true", true), ("false", false)])
    }

    func integer(in range: ClosedRange<Int>) throws(ConfigurationProblem) -> Int {
        guard let value = Int(try text()), range.contains(value) else {
            throw problem("has to be a whole number, \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func decimal(in range: ClosedRange<Double>) throws(ConfigurationProblem) -> Double {
        guard let value = Double(try text()), range.contains(value) else {
            throw problem("has to be a number, \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}

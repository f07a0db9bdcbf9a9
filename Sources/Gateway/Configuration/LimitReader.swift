// SPDX-License-Identifier: Apache-2.0

/// Reads the numbers of a mapping one by one, and in the end refuses what nobody asked for.
struct LimitReader {
    private let node: ConfigurationNode
    private let members: [String: ConfigurationNode]
    private var known: [String] = []

    init(_ node: ConfigurationNode) throws(ConfigurationProblem) {
        self.node = node
        self.members = try node.namedMembers()
    }

    mutating func integer(
        _ name: String,
        in range: ClosedRange<Int>,
        _ set: (Int) -> Void
    ) throws(ConfigurationProblem) {
        known.append(name)
        if let member = members[name] { set(try member.integer(in: range)) }
    }

    mutating func decimal(
        _ name: String,
        in range: ClosedRange<Double>,
        _ set: (Double) -> Void
    ) throws(ConfigurationProblem) {
        known.append(name)
        if let member = members[name] { set(try member.decimal(in: range)) }
    }

    func finish() throws(ConfigurationProblem) {
        _ = try node.members(known: known)
    }
}

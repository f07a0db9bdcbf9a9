// SPDX-License-Identifier: Apache-2.0

/// Reads scenario files.
struct ScenarioReader {
    private static let keys = ["name", "when", "reply", "pace", "weight", "times"]

    private let checks: ScenarioChecks
    private(set) var scenarios: [Scenario] = []
    /// Where each name was given.
    private var places: [String: String] = [:]

    init(_ checks: ScenarioChecks) {
        self.checks = checks
    }

    mutating func read(_ source: ScenarioSource) throws(ScenarioProblem) {
        guard let root = try ScenarioNode(source) else { return }
        var list = root
        if !root.isList {
            guard let node = try root.members(known: ["scenarios"])["scenarios"] else {
                throw root.problem("has to be a list of scenarios, or a mapping with \"scenarios\"")
            }
            if node.isNull { return }
            list = node
        }
        for item in try list.items() {
            let scenario = try scenario(item)
            scenarios.append(scenario)
            places[scenario.name] = scenario.place
        }
    }

    private func scenario(_ node: ScenarioNode) throws(ScenarioProblem) -> Scenario {
        guard node.isMapping else { throw node.problem("has to be a scenario with \"name\" and \"reply\"") }
        let members = try node.members(known: Self.keys)
        guard let nameNode = members["name"] else { throw node.problem("needs a \"name\"") }
        let name = try nameNode.nonEmptyText()
        if let place = places[name] { throw nameNode.problem("is also the name of the scenario at \(place)") }
        guard let reply = members["reply"], !reply.isNull else { throw node.problem("needs a \"reply\"") }
        var conditions: [Condition] = []
        var calls: ClosedRange<Int>?
        if let when = members["when"] {
            let reader = try ConditionReader(when)
            conditions = reader.conditions
            calls = reader.calls
        }
        return Scenario(
            name: name,
            place: node.line.map { "\(node.source):\($0)" } ?? node.source,
            conditions: conditions,
            calls: calls,
            reply: try ReplyReader.read(reply, checks: checks),
            pace: try members["pace"].map(pace) ?? [:],
            weight: try members["weight"]?.decimal(in: 0.001...1_000_000),
            times: try members["times"]?.integer(in: 1...1_000_000_000)
        )
    }

    private func pace(_ node: ScenarioNode) throws(ScenarioProblem) -> [String: String] {
        var pace: [String: String] = [:]
        for (name, value) in try node.namedMembers() { pace[name] = try value.text() }
        if let complaint = checks.pace(pace) { throw node.problem(complaint) }
        return pace
    }
}

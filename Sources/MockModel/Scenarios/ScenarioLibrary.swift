// SPDX-License-Identifier: Apache-2.0

/// Scenarios in their order, ready to be matched. It never changes.
public struct ScenarioLibrary: Sendable {
    public static let empty = ScenarioLibrary([])

    let scenarios: [Scenario]
    /// Of each scenario, in the same order.
    private let gates: [MarkGate]
    private let index: MarkIndex

    /// Reads files; the scenarios of the first come first. The first thing that is wrong is thrown.
    public init(_ sources: [ScenarioSource], checks: ScenarioChecks) throws(ScenarioProblem) {
        var reader = ScenarioReader(checks)
        for source in sources { try reader.read(source) }
        self.init(reader.scenarios)
    }

    init(_ scenarios: [Scenario]) {
        self.scenarios = scenarios
        var frequencies: [Mark: Int] = [:]
        for scenario in scenarios {
            for mark in scenario.marks { frequencies[mark, default: 0] += 1 }
        }
        // What few scenarios ask for tells them apart best.
        let chosen = scenarios.map { scenario in
            let marks = scenario.marks.enumerated().sorted {
                (frequencies[$0.element] ?? 0, $0.offset) < (frequencies[$1.element] ?? 0, $1.offset)
            }
            return marks.prefix(MarkGate.count).map(\.element)
        }
        let index = MarkIndex(chosen.joined())
        gates = chosen.map { MarkGate($0.compactMap(index.number)) }
        self.index = index
    }

    public var count: Int { scenarios.count }
    public var names: [String] { scenarios.map(\.name) }

    /// The files that scenarios play, and where the scenarios stand that do: file and line.
    public var cassettes: [(place: String, path: String)] {
        scenarios.compactMap { scenario in
            guard case .cassette(let path, _, _) = scenario.reply else { return nil }
            return (scenario.place, path)
        }
    }

    /// This library behind `front`, whose scenarios take the place of those of the same name.
    func joined(behind front: ScenarioLibrary) -> ScenarioLibrary {
        let names = Set(front.names)
        return ScenarioLibrary(front.scenarios + scenarios.filter { !names.contains($0.name) })
    }

    /// This library without the scenario called `name`; nil where there is none.
    func removing(_ name: String) -> ScenarioLibrary? {
        guard let index = scenarios.firstIndex(where: { $0.name == name }) else { return nil }
        var rest = scenarios
        rest.remove(at: index)
        return ScenarioLibrary(rest)
    }

    /// The scenarios whose conditions hold and which may have a say, in their order.
    func held(by facts: ScenarioFacts) -> [Scenario] {
        let marks = index.marks(of: facts)
        var held: [Scenario] = []
        var isDecided = false
        for index in marks.passes(gates) {
            let scenario = scenarios[index]
            if isDecided, !scenario.isHeardLate { continue }
            guard scenario.holds(facts) else { continue }
            held.append(scenario)
            isDecided = isDecided || scenario.isFinal
        }
        return held
    }
}

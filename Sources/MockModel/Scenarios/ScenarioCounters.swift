// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// How often scenarios have been asked and have answered, in each session. The sessions are bounded: the one that was
/// used longest ago goes first.
struct ScenarioCounters: Sendable {
    static let maximumSessions = 1000

    private struct Session {
        var calls: [String: Int] = [:]
        var uses: [String: Int] = [:]
        var lastUse = 0
    }

    private var sessions: [String: Session] = [:]
    private var clock = 0
    /// By name, over all sessions.
    private(set) var uses: [String: Int] = [:]

    var sessionCount: Int { sessions.count }

    /// Chooses among the scenarios whose conditions hold, and counts.
    mutating func choose(among held: [Scenario], session name: String, seed: UInt64) -> Scenario? {
        let isCounted = held.contains { $0.calls != nil || $0.times != nil }
        var session = isCounted ? open(name) : Session()
        var matching: [Scenario] = []
        for scenario in held {
            if scenario.calls != nil { session.calls[scenario.name, default: 0] += 1 }
            if Self.failure(scenario, calls: session.calls[scenario.name] ?? 0, session.uses) == nil {
                matching.append(scenario)
            }
        }
        let chosen = Self.chosen(among: matching, seed: seed)
        if let chosen {
            uses[chosen.name, default: 0] += 1
            if chosen.times != nil { session.uses[chosen.name, default: 0] += 1 }
        }
        if isCounted { sessions[name] = session }
        return chosen
    }

    /// Why `scenario`, whose conditions hold, would not take the next request of a session; counts nothing.
    func failure(_ scenario: Scenario, session name: String) -> String? {
        let session = sessions[name]
        return Self.failure(scenario, calls: (session?.calls[scenario.name] ?? 0) + 1, session?.uses ?? [:])
    }

    /// Forgets scenarios that are not among `names`.
    mutating func keep(_ names: Set<String>) {
        uses = uses.filter { names.contains($0.key) }
        sessions = sessions.mapValues { session in
            var kept = session
            kept.calls = session.calls.filter { names.contains($0.key) }
            kept.uses = session.uses.filter { names.contains($0.key) }
            return kept
        }
    }

    private static func failure(_ scenario: Scenario, calls: Int, _ uses: [String: Int]) -> String? {
        if let wanted = scenario.calls, !wanted.contains(calls) {
            return "call: expected \(Condition.words(wanted)), got \(calls)"
        }
        if let times = scenario.times, let used = uses[scenario.name], used >= times {
            return "times: has answered \(used) of \(times) in this session"
        }
        return nil
    }

    private static func chosen(among matching: [Scenario], seed: UInt64) -> Scenario? {
        guard let first = matching.first, first.weight != nil else { return matching.first }
        let weighted = matching.filter { $0.weight != nil }
        // Salted, for other choices are drawn from the same seed.
        var generator = SeededGenerator(seed: seed ^ 0x7765_6967_6874)
        var rest = Double.random(in: 0..<weighted.reduce(0) { $0 + ($1.weight ?? 0) }, using: &generator)
        for scenario in weighted {
            rest -= scenario.weight ?? 0
            if rest < 0 { return scenario }
        }
        return weighted.last
    }

    /// The session, made if need be.
    private mutating func open(_ name: String) -> Session {
        clock += 1
        if sessions[name] == nil, sessions.count >= Self.maximumSessions,
            let oldest = sessions.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            sessions[oldest.key] = nil
        }
        var session = sessions[name] ?? Session()
        session.lastUse = clock
        return session
    }
}

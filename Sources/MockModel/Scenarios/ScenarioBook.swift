// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The scenarios of a running mock, and how often each has been used. Safe to use from several threads.
public final class ScenarioBook: Sendable {
    private struct State {
        /// Those of files.
        var files: ScenarioLibrary
        /// Those that were added by hand, the latest first.
        var added = ScenarioLibrary.empty
        var current: ScenarioLibrary
        var counters = ScenarioCounters()

        mutating func update() {
            current = files.joined(behind: added)
            counters.keep(Set(current.names))
        }
    }

    private let state: Mutex<State>

    public init(_ library: ScenarioLibrary = .empty) {
        state = Mutex(State(files: library, current: library))
    }

    // MARK: Matching

    /// The reply to a request, or nil where no scenario takes it. Counts calls and times.
    /// - Parameters:
    ///   - session: Requests of one session share `call` and `times`.
    ///   - seed: The request's: the same one gives the same choice and the same reply.
    public func match(_ input: ScenarioInput, session: String, seed: UInt64) -> ScenarioMatch? {
        // The search is outside the lock: other threads search too.
        let library = state.withLock { $0.current }
        guard library.count > 0 else { return nil }
        let held = library.held(by: ScenarioFacts(input))
        guard !held.isEmpty else { return nil }
        let chosen = state.withLock { $0.counters.choose(among: held, session: session, seed: seed) }
        return chosen.map { scenario in
            ScenarioMatch(
                name: scenario.name,
                reply: scenario.reply.reply(to: input, seed: seed),
                pace: scenario.pace
            )
        }
    }

    /// What each scenario says to a request, in their order: the first that matches takes it, or, if that has a weight,
    /// one of those that match and have one. Counts nothing.
    public func explain(_ input: ScenarioInput, session: String) -> [ScenarioVerdict] {
        let (library, counters) = state.withLock { ($0.current, $0.counters) }
        let facts = ScenarioFacts(input)
        return library.scenarios.map { scenario in
            let failure = scenario.failure(facts) ?? counters.failure(scenario, session: session)
            return ScenarioVerdict(name: scenario.name, place: scenario.place, failure: failure)
        }
    }

    // MARK: Changing

    /// Replaces the scenarios of files; those that were added stay in front. Scenarios that keep their name keep
    /// their counts.
    public func replace(_ library: ScenarioLibrary) {
        state.withLock { state in
            state.files = library
            state.update()
        }
    }

    /// Puts scenarios in front of all others; they take the place of those of the same name.
    public func add(_ library: ScenarioLibrary) {
        state.withLock { state in
            state.added = state.added.joined(behind: library)
            state.update()
        }
    }

    /// Whether there was such a scenario. One of a file is back when that is read again.
    public func remove(named name: String) -> Bool {
        state.withLock { state in
            let added = state.added.removing(name)
            let files = state.files.removing(name)
            guard added != nil || files != nil else { return false }
            state.added = added ?? state.added
            state.files = files ?? state.files
            state.update()
            return true
        }
    }

    /// As if no request had come yet, in any session.
    public func resetCounters() {
        state.withLock { $0.counters = ScenarioCounters() }
    }

    public func list() -> [ScenarioSummary] {
        let (library, uses) = state.withLock { ($0.current, $0.counters.uses) }
        return library.scenarios.map { scenario in
            ScenarioSummary(
                name: scenario.name,
                place: scenario.place,
                uses: uses[scenario.name] ?? 0,
                times: scenario.times,
                weight: scenario.weight,
                when: scenario.when
            )
        }
    }
}

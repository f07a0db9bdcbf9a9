// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Synchronization
internal import Typewriter

/// The requests that the mock has received, for tests that want to know what their client did. Bounded: the oldest go.
final class RequestLog: Sendable {
    private struct State {
        var records: [RequestRecord] = []
        var nextID: UInt64 = 1
        var bodyBytes = 0
        var total = 0
        var outcomes: [String: Int] = [:]
        var scenarios: [String: Int] = [:]
    }

    /// How many have been received since the last reset.
    struct Counts: Sendable {
        var total: Int
        /// By how they ended.
        var outcomes: [String: Int]
        /// By the name of the scenario that matched.
        var scenarios: [String: Int]
    }

    /// Of what a broken answer said; enough to know it again.
    private static let saidBytes = 4096
    /// Of one body.
    private static let longestBody = 256 << 10
    /// Clocks of client and server differ by what a packet takes.
    private static let tolerance = 25.0

    private let state = Mutex(State())
    private let limit: Int
    private let bodyLimit: Int

    /// - Parameters:
    ///   - limit: Requests that are kept; 0 keeps none.
    ///   - bodyLimit: Bytes of bodies that are kept.
    init(limit: Int, bodyLimit: Int) {
        self.limit = limit
        self.bodyLimit = bodyLimit
    }

    /// A request has come. Gives the id by which the other calls know it.
    /// - Parameter chat: What it asks, to see whether it builds on an answer that was cut.
    func began(_ record: RequestRecord, chat: ChatRequest?) -> UInt64 {
        var record = record
        record.body = Array(record.body.prefix(Self.longestBody))
        return state.withLock { state in
            record.id = state.nextID
            state.nextID += 1
            state.total += 1
            if let name = record.scenario { state.scenarios[name, default: 0] += 1 }
            Self.noteAftermath(of: record, chat: chat, in: &state)
            guard limit > 0 else { return record.id }
            state.records.append(record)
            state.bodyBytes += record.body.count
            trim(&state)
            return record.id
        }
    }

    /// Its answer has ended.
    func ended(
        _ id: UInt64,
        _ outcome: AnswerOutcome,
        status: Int,
        said: [UInt8] = [],
        retryAfter: Double? = nil,
        now: Nanoseconds
    ) {
        state.withLock { state in
            let found = Self.index(of: id, in: state)
            // Whoever knows first tells; what comes later is how the connection went.
            if let found, state.records[found].outcome != .running { return }
            state.outcomes[outcome.rawValue, default: 0] += 1
            guard let index = found else { return }
            state.records[index].outcome = outcome
            state.records[index].status = status
            state.records[index].end = now
            state.records[index].duration = Double(now - state.records[index].start) / 1e6
            state.records[index].retryAfter = retryAfter
            state.records[index].saidText = outcome == .whole ? [] : Array(said.prefix(Self.saidBytes))
        }
    }

    /// Those that are kept, the newest first.
    /// - Parameter session: Only those of this session; nil for all.
    func records(limit: Int = .max, session: String? = nil) -> [RequestRecord] {
        state.withLock { state in
            Array(state.records.reversed().lazy.filter { session == nil || $0.session == session }.prefix(limit))
        }
    }

    func record(_ id: UInt64) -> RequestRecord? {
        state.withLock { state in Self.index(of: id, in: state).map { state.records[$0] } }
    }

    func counts() -> Counts {
        state.withLock { Counts(total: $0.total, outcomes: $0.outcomes, scenarios: $0.scenarios) }
    }

    func reset() {
        state.withLock { state in
            let next = state.nextID
            state = State()
            state.nextID = next
        }
    }

    // MARK: -

    private func trim(_ state: inout State) {
        var excess = max(0, state.records.count - limit)
        var bytes = state.bodyBytes - state.records.prefix(excess).reduce(0) { $0 + $1.body.count }
        while bytes > bodyLimit, excess < state.records.count - 1 {
            bytes -= state.records[excess].body.count
            excess += 1
        }
        state.bodyBytes = bytes
        state.records.removeFirst(excess)
    }

    /// Ids rise without a gap.
    private static func index(of id: UInt64, in state: State) -> Int? {
        guard let first = state.records.first?.id, id >= first, id - first < UInt64(state.records.count) else {
            return nil
        }
        return Int(id - first)
    }

    private static func noteAftermath(of record: RequestRecord, chat: ChatRequest?, in state: inout State) {
        let fingerprint = record.fingerprint
        let answers = chat?.messages.filter { $0.role == .assistant }.map { Array($0.content.utf8) } ?? []
        // A client comes back soon, if it does: the last ones are enough, and the cost stays bounded.
        for index in state.records.indices.suffix(64).reversed() {
            let earlier = state.records[index]
            guard let end = earlier.end, earlier.outcome != .whole, earlier.session == record.session else { continue }
            if earlier.aftermath.retriedAfter == nil, earlier.fingerprint == fingerprint {
                let wait = Double(record.start - end) / 1e6
                state.records[index].aftermath.retriedAfter = wait
                state.records[index].aftermath.honouredRetryAfter = earlier.retryAfter.map {
                    wait + tolerance >= $0 * 1000
                }
                return
            }
            if !earlier.saidText.isEmpty, answers.contains(where: { $0.starts(with: earlier.saidText) }) {
                state.records[index].aftermath.acceptedTruncated = true
            }
        }
    }
}

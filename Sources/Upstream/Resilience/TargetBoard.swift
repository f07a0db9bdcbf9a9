// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Knows how each target does, and chooses who is asked next. Shared by all event loops; times are nanoseconds of the
/// monotonic clock.
///
/// Each request that ``choose(among:balance:excluding:seed:now:)`` gives is under way until
/// ``ended(_:_:_:now:)`` is called for it, once.
public final class TargetBoard: Sendable {
    /// What a request tells about its target.
    public enum Outcome: Sendable {
        case succeeded
        case failed
        /// Nothing: it was cancelled, or another one answered first.
        case abandoned
    }

    /// Who is asked.
    public struct Chosen: Equatable, Sendable {
        /// An index of the targets that there were to choose from.
        public let target: Int
        /// The request's number among those to this target, for what it tells of it.
        public let request: Int
    }

    /// How a target does.
    public struct Report: Equatable, Sendable {
        public let endpoint: String
        public let model: String
        /// `closed`, `open` or `half_open`; `closed` too where there is no breaker.
        public let breaker: String
        public let inFlight: Int
        /// What the endpoint's health checks say; true where there are none.
        public let isHealthy: Bool
        /// The median of the latest ones; nil where none was measured.
        public let firstTokenMilliseconds: Double?
        public let requests: Int
        public let failures: Int
    }

    private let board = Mutex(TargetRecords())

    public init() {}

    /// Chooses who is asked, and counts the request as under way.
    ///
    /// Only those of the lowest priority number are considered that has any who may be asked: not excluded, not down,
    /// and let through by its breaker. The mock always may.
    /// - Parameters:
    ///   - excluding: Indices of targets.
    ///   - seed: The same one chooses the same way.
    /// - Returns: Nil where none may be asked.
    public func choose(
        among targets: [CallTarget],
        balance: CallPolicy.Balance,
        excluding: Set<Int>,
        seed: UInt64,
        now: Int64
    ) -> Chosen? {
        board.withLock { board in
            let available = targets.indices.filter { index in
                !excluding.contains(index) && board.admits(targets[index], now: now)
            }
            let priority = available.map { targets[$0].priority }.min()
            let tier = available.filter { targets[$0].priority == priority }
            let candidates = tier.map { index in
                let record = board[targets[index]]
                return TargetChoice.Candidate(
                    index: index,
                    weight: targets[index].weight,
                    inFlight: record?.inFlight ?? 0,
                    firstToken: record?.average.value(now: now) ?? 0
                )
            }
            var choice = TargetChoice(candidates, seed: seed)
            guard let chosen = choice.choose(balance) else { return nil }
            return Chosen(target: chosen, request: board.began(targets[chosen], now: now))
        }
    }

    /// The first token of a request came.
    /// - Parameters:
    ///   - request: Its number.
    ///   - after: Nanoseconds since it was sent.
    public func firstToken(_ target: CallTarget, _ request: Int, after: Int64, now: Int64) {
        board.withLock { $0.update(target) { $0.firstToken(request, after: after, now: now) } }
    }

    /// A request is no longer under way.
    /// - Parameter request: Its number.
    public func ended(_ target: CallTarget, _ request: Int, _ outcome: Outcome, now: Int64) {
        board.withLock { $0.update(target) { $0.ended(request, outcome, now: now) } }
    }

    /// Nanoseconds after which a second target is asked while this one is silent.
    public func hedgeDelay(for target: CallTarget, _ settings: HedgeSettings) -> Int64 {
        // Sorted outside of the lock.
        let times = board.withLock { $0[target]?.times }
        let least = Int64(milliseconds: settings.leastMilliseconds)
        return max(times?.percentile(settings.percentile) ?? least, least)
    }

    /// Notes what the health checks of an endpoint say.
    public func setHealthy(_ isHealthy: Bool, endpoint: String) {
        board.withLock { board in
            if isHealthy {
                board.endpointsDown.remove(endpoint)
            } else {
                board.endpointsDown.insert(endpoint)
            }
        }
    }

    /// All targets that were asked of late, by endpoint and model; the mock is not among them.
    public func reports(now: Int64) -> [Report] {
        let (records, down) = board.withLock { ($0.records, $0.endpointsDown) }
        let reports = records.compactMap { key, record -> Report? in
            guard let endpoint = key.endpoint else { return nil }
            return Report(
                endpoint: endpoint,
                model: key.model,
                breaker: (record.breaker?.state(now: now) ?? .closed).rawValue,
                inFlight: record.inFlight,
                isHealthy: !down.contains(endpoint),
                firstTokenMilliseconds: record.times.median.map { Double($0) / 1e6 },
                requests: record.requests,
                failures: record.failures
            )
        }
        return reports.sorted { ($0.endpoint, $0.model) < ($1.endpoint, $1.model) }
    }
}

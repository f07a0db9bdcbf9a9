// SPDX-License-Identifier: Apache-2.0

/// How a target of the routes stands at this moment.
public struct UpstreamGauge: Equatable, Sendable {
    /// A breaker's state.
    public enum Breaker: String, CaseIterable, Sendable {
        case closed
        /// One request may try.
        case halfOpen = "half_open"
        case open
    }

    public var upstream: String
    /// The model's name at the upstream.
    public var model: String
    public var breaker: Breaker
    /// Requests under way.
    public var inFlight: Int
    /// What the health check says; true where there is none.
    public var isHealthy: Bool

    public init(upstream: String, model: String, breaker: Breaker, inFlight: Int, isHealthy: Bool) {
        self.upstream = upstream
        self.model = model
        self.breaker = breaker
        self.inFlight = inFlight
        self.isHealthy = isHealthy
    }

    /// One gauge for each upstream and model, in the order of their names: a target of two routes would otherwise be
    /// told twice, which Prometheus refuses with the whole page. The worse state is told, the requests are added.
    static func distinct(_ gauges: [UpstreamGauge]) -> [UpstreamGauge] {
        var distinct: [UpstreamGauge] = []
        for gauge in gauges.sorted(by: { ($0.upstream, $0.model) < ($1.upstream, $1.model) }) {
            guard let last = distinct.last, last.upstream == gauge.upstream, last.model == gauge.model else {
                distinct.append(gauge)
                continue
            }
            distinct[distinct.count - 1].add(gauge)
        }
        return distinct
    }

    private mutating func add(_ other: UpstreamGauge) {
        inFlight += other.inFlight
        isHealthy = isHealthy && other.isHealthy
        if other.breaker.severity > breaker.severity { breaker = other.breaker }
    }
}

extension UpstreamGauge.Breaker {
    fileprivate var severity: Int {
        switch self {
        case .closed: 0
        case .halfOpen: 1
        case .open: 2
        }
    }
}

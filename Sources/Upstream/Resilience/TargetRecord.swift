// SPDX-License-Identifier: Apache-2.0

/// What is known of a model at an endpoint.
struct TargetRecord: Sendable {
    private(set) var breaker: CircuitBreaker?
    private(set) var inFlight = 0
    private(set) var requests = 0
    private(set) var failures = 0
    private(set) var average = PeakEWMA()
    private(set) var times = FirstTokenTimes()
    /// When a request began or ended.
    private(set) var lastUse: Int64 = 0

    /// Takes the breaker's settings as they are now; other ones begin with a closed breaker.
    mutating func configure(_ settings: BreakerSettings?) {
        if breaker?.settings != settings { breaker = settings.map(CircuitBreaker.init) }
    }

    mutating func began(now: Int64) {
        breaker?.began(now: now)
        inFlight += 1
        requests += 1
        lastUse = now
    }

    mutating func firstToken(after time: Int64, now: Int64) {
        average.observe(time, now: now)
        times.observe(time)
        breaker?.answered(now: now)
    }

    mutating func ended(_ outcome: TargetBoard.Outcome, now: Int64) {
        inFlight = max(inFlight - 1, 0)
        lastUse = now
        switch outcome {
        case .succeeded: breaker?.succeeded(now: now)
        case .abandoned: breaker?.gaveUp(now: now)
        case .failed:
            failures += 1
            breaker?.failed(now: now)
        }
    }
}

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

    /// - Parameter settings: The breaker's, as they are now: other ones begin with a closed breaker.
    /// - Returns: The request's number, from 1.
    mutating func began(_ settings: BreakerSettings?, now: Int64) -> Int {
        inFlight += 1
        requests += 1
        if breaker?.settings != settings { breaker = settings.map { CircuitBreaker($0, since: requests) } }
        lastUse = now
        breaker?.began(requests, now: now)
        return requests
    }

    /// - Parameter request: Its number.
    mutating func firstToken(_ request: Int, after time: Int64, now: Int64) {
        average.observe(time, now: now)
        times.observe(time)
        breaker?.answered(request)
    }

    /// - Parameter request: Its number.
    mutating func ended(_ request: Int, _ outcome: TargetBoard.Outcome, now: Int64) {
        inFlight = max(inFlight - 1, 0)
        lastUse = now
        switch outcome {
        case .succeeded: breaker?.succeeded(request)
        case .abandoned: breaker?.gaveUp(request)
        case .failed:
            failures += 1
            breaker?.failed(request, now: now)
        }
    }
}

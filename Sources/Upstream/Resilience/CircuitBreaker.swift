// SPDX-License-Identifier: Apache-2.0

/// Takes a target that fails again and again out for a while, then lets one request at a time find out whether it is
/// well.
///
/// Requests have numbers, which rise. Each that ``began(_:now:)`` ends in one of ``succeeded(_:)``, ``failed(_:now:)`` and
/// ``gaveUp(_:)``. While the breaker is half-open only the probe tells something, and what began before the breaker
/// closed again tells nothing of the target as it is now. A probe has succeeded with its first token: the rest of an
/// answer may take minutes, for which nobody else would be let through.
struct CircuitBreaker: Sendable {
    /// The raw values are those of reports and metrics.
    enum State: String, Sendable {
        case closed
        case open
        case halfOpen = "half_open"
    }

    private enum Phase {
        /// Requests from number `since` on count.
        case closed(failures: Int, since: Int)
        case open(until: Int64)
        /// The probe that is out, if one is.
        case halfOpen(successes: Int, probe: Int?)
    }

    let settings: BreakerSettings
    private var phase: Phase

    /// - Parameter request: The number of the first request that is this breaker's.
    init(_ settings: BreakerSettings, since request: Int = 1) {
        self.settings = settings
        self.phase = .closed(failures: 0, since: request)
    }

    func state(now: Int64) -> State {
        switch phase {
        case .closed: .closed
        case .open(let until): now < until ? .open : .halfOpen
        case .halfOpen: .halfOpen
        }
    }

    /// Whether a request may begin.
    func admits(now: Int64) -> Bool {
        switch phase {
        case .closed: true
        case .open(let until): now >= until
        case .halfOpen(_, let probe): probe == nil
        }
    }

    /// A request begins; in half-open it is the probe, and the next one has to wait for its end.
    mutating func began(_ request: Int, now: Int64) {
        switch phase {
        case .open(let until) where now >= until: phase = .halfOpen(successes: 0, probe: request)
        case .halfOpen(let successes, probe: nil): phase = .halfOpen(successes: successes, probe: request)
        case .closed, .open, .halfOpen: break
        }
    }

    mutating func succeeded(_ request: Int) {
        switch phase {
        case .closed(_, let since) where request >= since: phase = .closed(failures: 0, since: since)
        case .halfOpen(let successes, probe: request):
            let isEnough = successes + 1 >= settings.successes
            phase = isEnough ? .closed(failures: 0, since: request) : .halfOpen(successes: successes + 1, probe: nil)
        case .closed, .open, .halfOpen: break
        }
    }

    /// The first token of a request came. Only a probe's counts: failures in a row are of whole answers.
    mutating func answered(_ request: Int) {
        if case .halfOpen(_, probe: request) = phase { succeeded(request) }
    }

    mutating func failed(_ request: Int, now: Int64) {
        let opened = Phase.open(until: now + Int64(milliseconds: settings.openMilliseconds))
        switch phase {
        case .closed(let failures, let since) where request >= since:
            phase = failures + 1 >= settings.failures ? opened : .closed(failures: failures + 1, since: since)
        case .halfOpen(_, probe: request): phase = opened
        case .closed, .open, .halfOpen: break
        }
    }

    /// A request ended that tells nothing about the target, such as a cancelled one: the next may be the probe.
    mutating func gaveUp(_ request: Int) {
        if case .halfOpen(let successes, probe: request) = phase {
            phase = .halfOpen(successes: successes, probe: nil)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Takes a target that fails again and again out for a while, then lets one request at a time find out whether it is
/// well.
///
/// A probe has succeeded with its first token: the rest of an answer may take minutes, for which nobody else would be
/// let through. Each request that ``began(now:)`` ends in one of ``succeeded(now:)``, ``failed(now:)`` and
/// ``gaveUp(now:)``. Requests are not told apart: one from before the failures that ends while the probe is out counts as
/// the probe. What ends while the breaker is open, or half-open without a probe, tells nothing.
struct CircuitBreaker: Sendable {
    /// The raw values are those of reports and metrics.
    enum State: String, Sendable {
        case closed
        case open
        case halfOpen = "half_open"
    }

    private enum Phase {
        case closed(failures: Int)
        case open(until: Int64)
        case halfOpen(successes: Int, isProbing: Bool)
    }

    let settings: BreakerSettings
    private var phase = Phase.closed(failures: 0)

    init(_ settings: BreakerSettings) {
        self.settings = settings
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
        case .halfOpen(_, let isProbing): !isProbing
        }
    }

    /// A request begins; in half-open it is the probe, and the next one has to wait for its end.
    mutating func began(now: Int64) {
        switch phase {
        case .closed: break
        case .open(let until): if now >= until { phase = .halfOpen(successes: 0, isProbing: true) }
        case .halfOpen(let successes, _): phase = .halfOpen(successes: successes, isProbing: true)
        }
    }

    mutating func succeeded(now: Int64) {
        switch phase {
        case .closed: phase = .closed(failures: 0)
        case .halfOpen(let successes, isProbing: true):
            let isEnough = successes + 1 >= settings.successes
            phase = isEnough ? .closed(failures: 0) : .halfOpen(successes: successes + 1, isProbing: false)
        case .open, .halfOpen: break
        }
    }

    /// The first token of a request came. Only a probe's counts: failures in a row are of whole answers.
    mutating func answered(now: Int64) {
        if case .halfOpen(_, isProbing: true) = phase { succeeded(now: now) }
    }

    mutating func failed(now: Int64) {
        switch phase {
        case .closed(let failures):
            phase = failures + 1 >= settings.failures ? opened(now: now) : .closed(failures: failures + 1)
        case .halfOpen(_, isProbing: true): phase = opened(now: now)
        case .open, .halfOpen: break
        }
    }

    /// A request ended that tells nothing about the target, such as a cancelled one: the next may be the probe.
    mutating func gaveUp(now: Int64) {
        if case .halfOpen(let successes, isProbing: true) = phase {
            phase = .halfOpen(successes: successes, isProbing: false)
        }
    }

    private func opened(now: Int64) -> Phase {
        .open(until: now + Int64(milliseconds: settings.openMilliseconds))
    }
}

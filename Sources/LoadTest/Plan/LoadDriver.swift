// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Decides which request begins when: a state machine over the plan; times are from the run's start.
struct LoadDriver: Sendable {
    // One of the two, and optionals rather than an enum, so that they are changed in place.
    private var closed: ClosedLoop?
    private var open: OpenLoop?
    private let drain: Nanoseconds

    init(_ plan: LoadPlan) {
        drain = max(plan.drain, 0)
        switch plan.arrivals {
        case .closed(let concurrency, let ramp): closed = ClosedLoop(plan, concurrency: concurrency, ramp: ramp)
        case .open(let schedule): open = OpenLoop(plan, schedule)
        }
    }

    /// The next request that is to begin now, or nil where none is due, or none may begin. Ask until nil.
    mutating func next(at now: Nanoseconds) -> StartOrder? {
        closed?.next(at: now) ?? open?.next(at: now)
    }

    /// A stream has ended, as well or badly as may be: its place is free.
    mutating func ended(target: Int, at now: Nanoseconds) {
        closed?.ended(target: target, at: now)
        open?.ended(target: target, at: now)
    }

    /// When ``next(at:)`` has to be asked again, though no stream has ended by then; nil: not because of the time.
    var wakesAt: Nanoseconds? {
        closed?.wakesAt ?? open?.wakesAt
    }

    /// Nothing will begin any more.
    func isExhausted(at now: Nanoseconds) -> Bool {
        closed?.isExhausted(at: now) ?? open?.isExhausted(at: now) ?? true
    }

    /// From when on running streams are cut; nil: never.
    var cutsAt: Nanoseconds? {
        endsAt?.saturatingAdd(drain)
    }

    /// Until when requests are planned; nil: there is no such time, or it depends on a warm-up that still goes on.
    var endsAt: Nanoseconds? {
        closed?.endsAt ?? open?.endsAt
    }

    /// The most streams that can run at once, as far as the plan tells; nil where only the server's speed bounds it.
    var mostAtOnce: Int? {
        closed?.places ?? open?.places
    }

    /// For ``TargetRecord/planned``: requests that were due so far, begun or not, by target; warm-up apart.
    var plannedCounts: [Int] {
        closed?.measuredCounts ?? open?.measuredCounts ?? []
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Decides which request begins when: a state machine over the plan; times are from the run's start.
struct LoadDriver: Sendable {
    init(_ plan: LoadPlan) {}

    /// The next request that is to begin now, or nil where none is due, or none may begin. Ask until nil.
    mutating func next(at now: Nanoseconds) -> StartOrder? { nil }

    /// A stream has ended, as well or badly as may be: its place is free.
    mutating func ended(target: Int, at now: Nanoseconds) {}

    /// When ``next(at:)`` has to be asked again, though no stream has ended by then; nil: not because of the time.
    var wakesAt: Nanoseconds? { nil }

    /// Nothing will begin any more.
    func isExhausted(at now: Nanoseconds) -> Bool { true }

    /// From when on running streams are cut; nil: never.
    var cutsAt: Nanoseconds? { nil }

    /// The most streams that can run at once, as far as the plan tells; nil where only the server's speed bounds it.
    var mostAtOnce: Int? { nil }
}

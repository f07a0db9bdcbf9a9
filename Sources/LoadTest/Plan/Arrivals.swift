// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// When a run's requests begin.
public enum Arrivals: Equatable, Sendable {
    /// So many patient users, each of whom asks again when they have their answer; the first ones spread over the ramp.
    case closed(concurrency: Int, ramp: Nanoseconds)
    /// At planned times, whatever the server does.
    case open(ArrivalSchedule)
}

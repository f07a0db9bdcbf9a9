// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// The planned times of an open load, drawn before it begins.
public struct ArrivalSchedule: Equatable, Sendable {
    /// From the run's start, ascending.
    public let times: [Nanoseconds]
    /// What it is, in words: `Poisson, 50 a second`.
    public let summary: String
}

// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// The planned times of an open load, drawn before it begins.
public struct ArrivalSchedule: Equatable, Sendable {
    /// From the run's start, ascending.
    public let times: [Nanoseconds]
    /// What it is, in words: `Poisson, 50 a second`.
    public let summary: String

    /// 128 MB of times.
    static let most = 16_000_000

    /// FNV-1a of the times, each as eight bytes, lowest first: equal schedules have equal hashes.
    public var hash: UInt64 {
        var hash = FNVHash()
        for time in times { hash.add(time) }
        return hash.value
    }
}

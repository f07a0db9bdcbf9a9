// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// A request that is to begin now.
struct StartOrder: Equatable, Sendable {
    /// Counts the run's requests from 0, over all shares.
    var number: Int
    /// Which of the plan's targets.
    var target: Int
    /// From the run's start.
    var planned: Nanoseconds
    /// Its figures do not count.
    var isWarmUp: Bool
}

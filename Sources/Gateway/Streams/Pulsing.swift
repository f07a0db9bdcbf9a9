// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// What the pacer wakes at the time it asked for.
protocol Pulsing: AnyObject {
    func pulse(now: Nanoseconds)

    /// It will be woken in a moment: what it needs then may be brought near, step by step.
    func warm(_ step: Int)
}

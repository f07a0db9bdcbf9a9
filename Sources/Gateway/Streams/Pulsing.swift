// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// What the pacer wakes at the time it asked for.
protocol Pulsing: AnyObject {
    func pulse(now: Nanoseconds)
}

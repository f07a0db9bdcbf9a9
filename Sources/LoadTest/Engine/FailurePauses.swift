// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Users whose request did not even reach a server, and who wait a moment before they ask again: at once, they would only
/// turn in a circle, and count the same misfortune a million times.
struct FailurePauses {
    static let length = 100 * Nanoseconds.millisecond

    /// In the order in which they end.
    private var waiting = FIFO<(until: Nanoseconds, target: Int)>()

    mutating func add(target: Int, at now: Nanoseconds) {
        waiting.append((now + Self.length, target))
    }

    /// The target of one whose pause is over by `now`.
    mutating func next(at now: Nanoseconds) -> Int? {
        guard let first = waiting.first, first.until <= now else { return nil }
        return waiting.popFirst()?.target
    }

    var nextTime: Nanoseconds? { waiting.first?.until }
}

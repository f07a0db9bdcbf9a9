// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Users whose request did not even reach a server, and who wait a moment before they ask again: at once, they would only
/// turn in a circle, and count the same misfortune a million times.
struct FailurePauses {
    static let length = 100 * Nanoseconds.millisecond

    /// In the order in which they end.
    private var waiting: [(until: Nanoseconds, target: Int)] = []
    private var first = 0

    mutating func add(target: Int, at now: Nanoseconds) {
        waiting.append((now + Self.length, target))
    }

    /// The target of one whose pause is over by `now`.
    mutating func next(at now: Nanoseconds) -> Int? {
        guard first < waiting.count, waiting[first].until <= now else { return nil }
        let target = waiting[first].target
        first += 1
        // So that what is over is never more than what is not.
        if 2 * first >= waiting.count {
            waiting.removeFirst(first)
            first = 0
        }
        return target
    }

    var nextTime: Nanoseconds? { first < waiting.count ? waiting[first].until : nil }
}

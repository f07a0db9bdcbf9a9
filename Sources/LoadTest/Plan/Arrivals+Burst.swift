// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension Arrivals {
    /// The most requests that are planned for one moment, by a plan and not by chance: those of a millisecond.
    public var burst: Int {
        switch self {
        case .closed(let concurrency, let ramp):
            let moments = max(ramp / .millisecond, 1)
            return (max(concurrency, 1) - 1) / Int(moments) + 1
        case .open(let schedule):
            var (most, first) = (1, 0)
            for (index, time) in schedule.times.enumerated() {
                while schedule.times[first] <= time - .millisecond { first += 1 }
                most = max(most, index - first + 1)
            }
            return most
        }
    }
}

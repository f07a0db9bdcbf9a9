// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension Arrivals {
    /// In words: `50 streams, closed loop`, `Poisson, 50 a second`.
    public var summary: String {
        switch self {
        case .closed(1, _): "1 stream, closed loop"
        case .closed(let concurrency, 0): "\(concurrency) streams, closed loop"
        case .closed(let concurrency, let ramp):
            "\(concurrency) streams, closed loop, begun within \(PlanText.time(ramp))"
        case .open(let schedule): schedule.summary
        }
    }

    /// Of the planned times, FNV-1a; of a closed load, which has no such times, of its size and ramp.
    public var scheduleHash: UInt64 {
        switch self {
        case .closed(let concurrency, let ramp):
            var hash = FNVHash()
            hash.add(Nanoseconds(concurrency))
            hash.add(ramp)
            return hash.value
        case .open(let schedule): return schedule.hash
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Paces bytes at a steady rate, by absolute deadlines: byte k of a run is due k ÷ rate after its begin, so that
/// what leaves late is made up for, and nothing ever leaves early.
struct DripClock {
    let bytesPerSecond: Int
    private var origin: Nanoseconds?
    private var spent: Int = 0

    init(bytesPerSecond: Int) {
        self.bytesPerSecond = max(bytesPerSecond, 1)
    }

    /// How many of `wanted` bytes may leave now: at least those of a millisecond at once, or none.
    mutating func allowance(of wanted: Int, now: Nanoseconds) -> Int {
        let start = origin ?? now
        origin = start
        let elapsed = Int128(now) - Int128(start)
        let due = elapsed * Int128(bytesPerSecond) / Int128(Nanoseconds.second) - Int128(spent)
        let allowed = Int(clamping: min(due, Int128(wanted)))
        return allowed < quantum(of: wanted) ? 0 : allowed
    }

    /// When there will be an allowance.
    func nextTime(for wanted: Int) -> Nanoseconds {
        let bytes = Int128(spent) + Int128(quantum(of: wanted))
        let rate = Int128(bytesPerSecond)
        let delay = (bytes * Int128(Nanoseconds.second) + rate - 1) / rate
        return Nanoseconds(clamping: Int128(origin ?? 0) + delay)
    }

    mutating func spend(_ count: Int) {
        spent += count
    }

    /// There was nothing to send: time that passes is not saved up.
    mutating func rest() {
        origin = nil
        spent = 0
    }

    private func quantum(of wanted: Int) -> Int {
        min(max(bytesPerSecond / 1000, 1), wanted)
    }
}

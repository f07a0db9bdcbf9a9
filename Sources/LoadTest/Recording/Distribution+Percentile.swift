// SPDX-License-Identifier: Apache-2.0

public import Typewriter

extension Distribution {
    /// The value at the nearest rank: the least one that at least the part `q` (0 to 1) of all values do not exceed.
    /// Nil without values.
    public func percentile(_ q: Double) -> Nanoseconds? {
        value(atWeight: q * Double(count)) { _ in 1 }
    }

    /// What a reader at a random instant waits: the percentile at which each value weighs as much as it is long. A stalled
    /// stream yields fewer gaps a second, so its stall hardly shows among them, but shows here. Nil where all took no time.
    public func timeWeighted(_ q: Double) -> Nanoseconds? {
        var total = 0.0
        eachBin {
            total += Double($0.value) * Double($0.count)
            return true
        }
        guard total > 0 else { return nil }
        return value(atWeight: q * total) { Double($0) }
    }

    /// A percentile of fewer values would be an accident of the run: ten have to lie beyond it.
    public func enoughFor(_ q: Double) -> Bool {
        Double(count) * (1 - q) > 10 - Self.rounding
    }

    /// The part of the values that exceed `limit`, 0 to 1; those in the limit's own bin do not.
    public func share(above limit: Nanoseconds) -> Double {
        guard !isEmpty else { return 0 }
        var above = 0
        eachBin {
            if $0.value > limit { above += $0.count }
            return true
        }
        return Double(above) / Double(count)
    }

    /// What a product of a percentile, which is no binary fraction, may be off.
    private static let rounding = 1e-6

    /// The first value up to which all values together weigh `goal`.
    private func value(atWeight goal: Double, _ weight: (Nanoseconds) -> Double) -> Nanoseconds? {
        let goal = goal * (1 - 1e-12) - Self.rounding
        var reached = 0.0
        var found: Nanoseconds?
        eachBin {
            found = $0.value
            reached += weight($0.value) * Double($0.count)
            return reached < goal
        }
        return found
    }
}

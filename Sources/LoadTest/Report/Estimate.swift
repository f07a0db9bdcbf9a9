// SPDX-License-Identifier: Apache-2.0

/// A statistic of one target, and between what bounds the truth lies 19 times in 20.
struct Estimate: Equatable, Sendable {
    let value: Double
    let bounds: ClosedRange<Double>

    /// Of the normal distribution, 95 % are within so many deviations.
    private static let deviations = 1.96

    /// Of a histogram of three digits, a share of the value.
    private static let precision = 0.0005

    /// Of a distribution, which keeps microseconds: less is nobody's difference.
    private static let resolution = 1000.0

    /// Nil where there are too few samples, or the rank of a bound would lie beyond them. Samples of one stream are alike,
    /// so that streams count, not samples.
    init?(_ statistic: Statistic, of metric: Metric, in target: TargetRecord) {
        let distribution = target[metric]
        let samples = Double(target.independentSamples(metric))
        guard let value = statistic.value(of: distribution), samples >= 2 else { return nil }
        self.value = value
        switch statistic {
        case .mean:
            let error = (Self.variance(of: distribution, mean: value) / samples).squareRoot()
            let reach = Self.deviations * error + Self.resolution
            bounds = value - reach...value + reach
        case .percentile(let share):
            let reach = Self.deviations * (share * (1 - share) / samples).squareRoot()
            guard share - reach > 0, share + reach < 1, let lower = distribution.percentile(share - reach),
                let upper = distribution.percentile(share + reach)
            else { return nil }
            let least = Double(lower) * (1 - Self.precision) - Self.resolution
            bounds = least...Double(upper) * (1 + Self.precision) + Self.resolution
        case .least, .greatest, .count: return nil
        }
    }

    /// Between what bounds this − other lies.
    func difference(from other: Estimate) -> ClosedRange<Double> {
        let difference = value - other.value
        let below = Self.length(value - bounds.lowerBound, other.bounds.upperBound - other.value)
        let above = Self.length(bounds.upperBound - value, other.value - other.bounds.lowerBound)
        return difference - below...difference + above
    }

    private static func length(_ one: Double, _ other: Double) -> Double { (one * one + other * other).squareRoot() }

    private static func variance(of distribution: Distribution, mean: Double) -> Double {
        guard distribution.count > 1 else { return 0 }
        let sum = distribution.bins().reduce(0.0) { sum, bin in
            let distance = Double(bin.value) - mean
            return sum + distance * distance * Double(bin.count)
        }
        return sum / Double(distribution.count - 1)
    }
}

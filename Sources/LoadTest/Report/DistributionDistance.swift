// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// How far two distributions are apart: the most by which their shares of values up to any point differ (Kolmogorov and
/// Smirnov's statistic), and how far chance alone may put them apart.
struct DistributionDistance: Equatable, Sendable {
    /// 0 to 1.
    let value: Double
    /// Chance exceeds it once in a hundred times (large samples; Smirnov, 1948). Values that fall into one bin of the
    /// histogram only make it rarer.
    let critical: Double

    var exceedsChance: Bool { value > critical }

    /// - Parameter samples: How many samples of each know nothing of each other; at least 1.
    init(_ one: Distribution, _ other: Distribution, samples: (Int, Int)) {
        value = Self.distance(one, other)
        let (n, m) = (Double(max(samples.0, 1)), Double(max(samples.1, 1)))
        critical = 1.628 * ((n + m) / (n * m)).squareRoot()
    }

    private static func distance(_ one: Distribution, _ other: Distribution) -> Double {
        guard one.count > 0, other.count > 0 else { return one.count == other.count ? 0 : 1 }
        let (ours, theirs) = (one.bins(), other.bins())
        var (index, otherIndex) = (0, 0)
        var (reached, otherReached) = (0, 0)
        var farthest = 0.0
        while index < ours.count, otherIndex < theirs.count {
            let point = min(ours[index].value, theirs[otherIndex].value)
            while index < ours.count, ours[index].value <= point {
                reached += ours[index].count
                index += 1
            }
            while otherIndex < theirs.count, theirs[otherIndex].value <= point {
                otherReached += theirs[otherIndex].count
                otherIndex += 1
            }
            let gap = Double(reached) / Double(one.count) - Double(otherReached) / Double(other.count)
            farthest = max(farthest, gap.magnitude)
        }
        return farthest
    }
}

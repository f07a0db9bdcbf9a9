// SPDX-License-Identifier: Apache-2.0

/// What lies between two targets that one run asked in turn, with intervals that hold it 19 times in 20.
///
/// Nothing is assumed of how values are spread. A percentile's own interval are the values at the ranks between which the
/// binomial distribution puts it; a mean's comes from its standard error. Two such intervals give that of the difference
/// by adding the distances to their ends as squares (Zou and Donner, Statistics in Medicine 27, 2008).
struct TargetComparison {
    /// Raw values, as distributions keep them.
    struct Difference: Equatable, Sendable {
        var metric: Metric
        var statistic: Statistic
        var a: Double
        var b: Double
        /// Of B − A.
        var interval: ClosedRange<Double>

        var value: Double { b - a }

        var isDistinguishable: Bool { !interval.contains(0) }

        var favoursB: Bool { (value < 0) == metric.isBetterLow }
    }

    /// Those of which both targets have enough samples.
    let differences: [Difference]

    private static let metrics: [Metric] = [
        .firstToken, .firstTokenFromSend, .gap, .longestGap, .timePerToken, .endToEnd, .close,
    ]
    private static let statistics: [Statistic] = [.mean, .percentile(0.5), .percentile(0.9), .percentile(0.99)]

    init(_ a: TargetRecord, _ b: TargetRecord) {
        var differences: [Difference] = []
        for metric in Self.metrics {
            for statistic in Self.statistics {
                guard let one = Estimate(statistic, of: metric, in: a),
                    let other = Estimate(statistic, of: metric, in: b)
                else { continue }
                differences.append(
                    Difference(
                        metric: metric,
                        statistic: statistic,
                        a: one.value,
                        b: other.value,
                        interval: other.difference(from: one)
                    )
                )
            }
        }
        self.differences = differences
    }
}

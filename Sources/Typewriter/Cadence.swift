// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The rhythm of a stream: the gaps between its units, drawn from a seed.
public struct Cadence: Equatable, Sendable {
    /// How gaps are spread around their mean.
    public enum Shape: Equatable, Sendable {
        case constant
        case uniform
        case normal
        case lognormal
        case gamma
        case exponential
        /// Gaps in milliseconds at rising quantiles in 0...1, straight lines between them.
        case percentiles([Quantile])
        /// Gaps in milliseconds, one after the other, then from the start again.
        case trace([Double])
    }

    /// One point of a table of percentiles.
    public struct Quantile: Equatable, Sendable {
        /// The share of gaps that are no longer, 0 to 1.
        public var share: Double
        public var milliseconds: Double

        public init(share: Double, milliseconds: Double) {
            self.share = share
            self.milliseconds = milliseconds
        }
    }

    private let shape: Shape
    /// The mean gap for the distributions; a factor of the recorded gaps for tables and traces.
    private let scale: Double
    private let jitter: Double
    private var generator: SeededGenerator
    private var traceIndex = 0

    /// - Parameters:
    ///   - meanGap: Nanoseconds; nil leaves a table's or a trace's own gaps.
    ///   - jitter: Standard deviation over mean, 0 to 1.
    public init(shape: Shape, meanGap: Double?, jitter: Double, seed: UInt64) {
        self.shape = shape
        self.jitter = jitter
        self.generator = SeededGenerator(seed: seed)
        let own = shape.ownMeanGap
        self.scale = if let own { meanGap.map { $0 / own } ?? 1 } else { meanGap ?? 0 }
    }

    /// The next gap in nanoseconds. A wide distribution gives negative ones too, so that its mean holds: the
    /// schedule is their sum, and no unit leaves before the one ahead of it.
    public mutating func nextGap() -> Nanoseconds {
        if case .constant = shape { return Nanoseconds(scale) }
        return Nanoseconds((scale * drawFactor()).rounded())
    }

    private mutating func drawFactor() -> Double {
        // Exponential gaps have a deviation of their own; a jitter that no clock could show is none.
        if jitter < 1e-9, shape.ownMeanGap == nil, shape != .exponential { return 1 }
        switch shape {
        case .constant: return 1
        case .uniform: return 1 + jitter * 3.0.squareRoot() * (2 * generator.unitInterval() - 1)
        case .normal: return 1 + jitter * generator.standardNormal()
        case .lognormal:
            let variance = log(1 + jitter * jitter)
            return exp(variance.squareRoot() * generator.standardNormal() - variance / 2)
        case .gamma:
            let shape = 1 / (jitter * jitter)
            return generator.gamma(shape: shape) / shape
        case .exponential: return -log(generator.unitInterval())
        case .percentiles(let table): return Self.interpolate(table, at: generator.unitInterval())
        case .trace(let gaps):
            defer { traceIndex = (traceIndex + 1) % gaps.count }
            return gaps[traceIndex] * 1e6
        }
    }

    private static func interpolate(_ table: [Quantile], at share: Double) -> Double {
        guard let upper = table.firstIndex(where: { $0.share >= share }) else {
            return (table.last?.milliseconds ?? 0) * 1e6
        }
        guard upper > 0 else { return table[0].milliseconds * 1e6 }
        let (below, above) = (table[upper - 1], table[upper])
        let part = (share - below.share) / (above.share - below.share)
        return (below.milliseconds + part * (above.milliseconds - below.milliseconds)) * 1e6
    }
}

extension Cadence.Shape {
    /// The mean of recorded gaps in nanoseconds; nil for a distribution, whose mean the rate gives.
    public var ownMeanGap: Double? {
        switch self {
        case .trace(let gaps):
            return gaps.reduce(0, +) / Double(max(gaps.count, 1)) * 1e6
        case .percentiles(let table):
            guard let first = table.first, let last = table.last else { return 0 }
            var mean = first.share * first.milliseconds + (1 - last.share) * last.milliseconds
            for (below, above) in zip(table, table.dropFirst()) {
                mean += (above.share - below.share) * (above.milliseconds + below.milliseconds) / 2
            }
            return mean * 1e6
        default: return nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A figure that stands for a distribution.
enum Statistic: Equatable, Sendable {
    case mean
    case least
    /// The value that this share of the samples, above 0 and below 1, does not exceed.
    case percentile(Double)
    case greatest
    case count

    /// Those of a report's table, in its order.
    static let columns: [Statistic] = [
        .mean, .percentile(0.5), .percentile(0.9), .percentile(0.99), .percentile(0.999), .greatest, .count,
    ]

    /// `mean`, `min`, `p50`, `p99`, `p999` and `p99.9`, `max`, `count`; any other percentile too.
    init?(name: some StringProtocol) {
        switch name {
        case "mean": self = .mean
        case "min": self = .least
        case "max": self = .greatest
        case "count": self = .count
        case "p999": self = .percentile(0.999)
        default:
            guard name.first == "p", name.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." }),
                let percent = Double(name.dropFirst()), percent > 0, percent < 100
            else { return nil }
            self = .percentile(percent / 100)
        }
    }

    var name: String {
        switch self {
        case .mean: "mean"
        case .least: "min"
        case .percentile(let share): "p\(Self.percent(share))"
        case .greatest: "max"
        case .count: "n"
        }
    }

    /// How many samples it takes to be worth telling: ten beyond a percentile.
    var neededSamples: Int {
        if case .percentile(let share) = self { Int(min(10 / (1 - share), 1e15).rounded()) } else { 1 }
    }

    /// As the distribution keeps it; nil where nothing was measured, or too little for this percentile.
    func value(of distribution: Distribution) -> Double? {
        if case .count = self { return Double(distribution.count) }
        if case .percentile(let share) = self, !distribution.enoughFor(share) { return nil }
        switch self {
        case .mean: return distribution.mean
        case .least: return distribution.minimum.map(Double.init)
        case .percentile(let share): return distribution.percentile(share).map(Double.init)
        case .greatest: return distribution.maximum.map(Double.init)
        case .count: return nil
        }
    }

    /// 0.999 as 99.9: the product alone may be 99.90000000000001.
    private static func percent(_ share: Double) -> String {
        let percent = (share * 1e8).rounded() / 1e6
        return Int(exactly: percent).map(String.init) ?? String(percent)
    }
}

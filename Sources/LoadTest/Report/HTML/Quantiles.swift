// SPDX-License-Identifier: Apache-2.0

/// A distribution, unrolled once for a curve's many percentiles. Times in ms.
struct Quantiles: Sendable {
    let count: Int
    private let values: [Double]
    /// How many values, and how much time, lie up to and with each of ``values``.
    private let ranks: [Double]
    private let times: [Double]

    init(_ distribution: Distribution) {
        count = distribution.count
        var (values, ranks, times): ([Double], [Double], [Double]) = ([], [], [])
        var (rank, time) = (0.0, 0.0)
        for bin in distribution.bins() where bin.count > 0 {
            let value = Double(bin.value) / 1e6
            rank += Double(bin.count)
            time += Double(bin.count) * value
            values.append(value)
            ranks.append(rank)
            times.append(time)
        }
        (self.values, self.ranks, self.times) = (values, ranks, times)
    }

    var least: Double { values.first ?? 0 }
    var most: Double { values.last ?? 0 }

    /// The value that the part `share` of all values does not exceed.
    func value(at share: Double) -> Double? {
        first(in: ranks, reaching: share)
    }

    /// The same with each value weighing as much as it is long.
    func timeWeighted(at share: Double) -> Double? {
        first(in: times, reaching: share)
    }

    private func first(in sums: [Double], reaching share: Double) -> Double? {
        guard let all = sums.last, all > 0 else { return nil }
        let goal = share * all * (1 - 1e-9)
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] < goal { low = middle + 1 } else { high = middle }
        }
        return values[low]
    }
}

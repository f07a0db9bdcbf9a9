// SPDX-License-Identifier: Apache-2.0

/// How often a time fell between which bounds. All of it lies inline: to observe allocates nothing and shares nothing.
public struct Histogram: Equatable, Sendable {
    /// The finite buckets of the scale, and one for all beyond.
    public static let buckets = HistogramScale.bounds + 1

    public let scale: HistogramScale
    private let least: UInt64
    private var counts = [19 of Int](repeating: 0)
    /// In nanoseconds. A whole number would be full after some days: ten thousand streams wait 10,000 s each second.
    private var total = 0.0

    public init(_ scale: HistogramScale) {
        self.scale = scale
        least = UInt64(scale.least)
    }

    /// Counts a time in nanoseconds; one before zero counts as zero.
    @inline(__always)
    public mutating func observe(_ nanoseconds: Int64) {
        let steps = UInt64(max(nanoseconds, 1) - 1) / least
        counts[min(UInt64.bitWidth - steps.leadingZeroBitCount, HistogramScale.bounds)] &+= 1
        total += Double(max(nanoseconds, 0))
    }

    /// Adds what another one of the same scale has counted.
    public mutating func merge(_ other: Histogram) {
        assert(scale == other.scale, "histograms of two scales have no sum")
        for index in counts.indices { counts[index] &+= other.counts[index] }
        total += other.total
    }

    /// How many times fell into the bucket with the number `index`, from 0 to ``buckets`` − 1.
    public func count(at index: Int) -> Int {
        counts[index]
    }

    public var count: Int {
        counts.indices.reduce(0) { $0 + counts[$1] }
    }

    /// The sum of all times, in seconds.
    public var sum: Double {
        total / 1e9
    }

    /// The time, in seconds, that the part `quantile` (0 to 1) does not exceed, as if the times of a bucket were spread
    /// evenly over it; what is beyond the last bound counts as that bound. Nil when nothing was observed.
    public func quantile(_ quantile: Double) -> Double? {
        let count = count
        guard count > 0 else { return nil }
        let rank = min(max(quantile, 0), 1) * Double(count)
        var below = 0.0
        for index in 0..<HistogramScale.bounds {
            let here = Double(counts[index])
            guard here == 0 || below + here < rank else {
                let low = index == 0 ? 0 : scale.seconds(at: index - 1)
                return low + (scale.seconds(at: index) - low) * max(rank - below, 0) / here
            }
            below += here
        }
        return scale.seconds(at: HistogramScale.bounds - 1)
    }

    public static func == (one: Histogram, other: Histogram) -> Bool {
        one.scale == other.scale && one.total == other.total
            && one.counts.indices.allSatisfy { one.counts[$0] == other.counts[$0] }
    }
}

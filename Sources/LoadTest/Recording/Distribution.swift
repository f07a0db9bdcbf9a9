// SPDX-License-Identifier: Apache-2.0

internal import Histogram
public import Typewriter

/// How often each value occurred, to three digits: constant memory, merged by adding.
///
/// Times are kept in microseconds. A percentile is a value that occurred (nearest rank), to the precision of the
/// histogram; least, greatest and mean are exact. What is no time is recorded as if its unit were a microsecond:
/// ``Metric/Unit``.
public struct Distribution: Sendable {
    /// What is longer counts as this: two hours.
    public static let longest: Nanoseconds = 7200 * .second

    public private(set) var count = 0
    /// Of all values; whoever records decades of them sees it wrap.
    public private(set) var sum: Nanoseconds = 0
    private var least = Nanoseconds.max
    private var greatest: Nanoseconds = 0
    /// Made with the first value: many of a run's distributions stay empty.
    private var histogram: Histogram<UInt64>?

    public init() {}

    public var isEmpty: Bool { count == 0 }
    public var minimum: Nanoseconds? { isEmpty ? nil : least }
    public var maximum: Nanoseconds? { isEmpty ? nil : greatest }
    public var mean: Double? { isEmpty ? nil : Double(sum) / Double(count) }

    /// A time; what is below 0 counts as 0.
    ///
    /// The histogram is asked for by the count: to compare it with nil would copy it, which costs ten times the rest.
    @inline(__always)
    mutating func record(_ time: Nanoseconds) {
        let time = min(max(time, 0), Self.longest)
        if count == 0 { makeHistogram() }
        count &+= 1
        sum &+= time
        least = min(least, time)
        greatest = max(greatest, time)
        histogram?.record(UInt64(truncatingIfNeeded: time) / 1000)
    }

    @inline(never)
    private mutating func makeHistogram() {
        histogram = Histogram(highestTrackableValue: Self.usual, numberOfSignificantValueDigits: .three)
        histogram?.autoResize = true
    }

    /// Room for a minute, in microseconds, from the first value on: to grow takes a third of a millisecond, and all of a
    /// run's distributions would grow when its first stream ends, while others wait to be read.
    private static let usual: UInt64 = 60_000_000

    /// Adds another's values: the same as if all had been recorded here.
    public mutating func merge(_ other: Distribution) {
        guard let theirs = other.histogram else { return }
        count &+= other.count
        sum &+= other.sum
        least = min(least, other.least)
        greatest = max(greatest, other.greatest)
        if histogram == nil { histogram = theirs } else { histogram?.add(theirs) }
    }

    /// A distribution as it was written: bins, ascending, and what they do not tell. Nil where these do not fit together.
    init?(bins: [Bin], sum: Nanoseconds, minimum: Nanoseconds, maximum: Nanoseconds) {
        guard let first = bins.first, let last = bins.last, sum >= 0 else { return nil }
        guard minimum >= 0, minimum <= maximum, maximum <= Self.longest else { return nil }
        var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        var previous: Nanoseconds = -1
        for bin in bins {
            guard bin.value > previous, bin.value <= Self.longest, 1...Self.mostCounted ~= bin.count else { return nil }
            histogram.record(UInt64(bin.value) / 1000, count: UInt64(bin.count))
            count += bin.count
            guard count <= Self.mostCounted else { return nil }
            previous = bin.value
        }
        func share(_ one: Nanoseconds, _ other: Nanoseconds) -> Bool {
            histogram.lowestEquivalentForValue(UInt64(one) / 1000)
                == histogram.lowestEquivalentForValue(UInt64(other) / 1000)
        }
        guard share(first.value, minimum), share(last.value, maximum) else { return nil }
        (self.sum, least, greatest) = (sum, minimum, maximum)
        self.histogram = histogram
    }

    /// Of one file: so that sums of several stay within an integer.
    private static let mostCounted = 1 << 48

    /// Calls `body` with each bin that holds something, ascending, until it returns false.
    func eachBin(_ body: (Bin) -> Bool) {
        guard let histogram else { return }
        let end = UInt64(greatest) / 1000
        var lower = histogram.lowestEquivalentForValue(UInt64(least) / 1000)
        while lower <= end {
            let count = histogram.countForValue(lower)
            let next = histogram.nextNonEquivalentForValue(lower)
            if count > 0 {
                let bin = Bin(value: value(from: lower, to: next, count), count: Int(truncatingIfNeeded: count))
                guard body(bin) else { return }
            }
            lower = next
        }
    }

    /// What stands for the values of a bin: its middle, but for a single one that is known exactly.
    private func value(from lower: UInt64, to next: UInt64, _ count: UInt64) -> Nanoseconds {
        let range = Nanoseconds(lower) * 1000..<Nanoseconds(next) * 1000
        if count == 1, range.contains(greatest) { return greatest }
        // Of less than a microsecond most are nothing at all.
        if range.contains(least), count == 1 || lower == 0 { return least }
        let middle = (range.lowerBound + range.upperBound) / 2
        return min(max(middle, least), greatest)
    }
}

extension Distribution: Equatable {
    /// What has been recorded is the same, as far as a distribution tells.
    public static func == (one: Distribution, other: Distribution) -> Bool {
        one.count == other.count && one.sum == other.sum && one.minimum == other.minimum
            && one.maximum == other.maximum && one.bins() == other.bins()
    }
}

// SPDX-License-Identifier: Apache-2.0

import Metrics
import TestSupport
import Testing

struct HistogramTests {
    @Test(arguments: [HistogramScale.append, .lag, .wait, .call])
    func `a time falls into the first bucket whose bound it does not exceed`(scale: HistogramScale) {
        for index in 0..<HistogramScale.bounds {
            let bound = scale.least << Int64(index)
            #expect(bucket(of: bound, scale) == index)
            #expect(bucket(of: bound + 1, scale) == index + 1)
            #expect(scale.seconds(at: index) == Double(bound) / 1e9)
        }
    }

    @Test func `any time is counted once, in the bucket that a search would find`() {
        var dice = Dice(seed: 1)
        for scale in [HistogramScale.append, .lag, .wait, .call] {
            for _ in 0..<2_000 {
                let time = Int64(truncatingIfNeeded: dice.next()) >> Int64.random(in: 0..<64, using: &dice)
                let found = (0..<HistogramScale.bounds).first { time <= scale.least << Int64($0) }
                #expect(bucket(of: time, scale) == found ?? HistogramScale.bounds)
            }
        }
    }

    @Test(arguments: [Int64.min, -1, 0, 1, Int64.max])
    func `the strangest time does no harm`(time: Int64) {
        var histogram = Histogram(.lag)
        histogram.observe(time)
        #expect(histogram.count == 1)
        #expect(histogram.sum == Double(max(time, 0)) / 1e9)
    }

    @Test func `two histograms merged are one that observed all`() {
        var dice = Dice(seed: 2)
        var (one, other, both) = (Histogram(.wait), Histogram(.wait), Histogram(.wait))
        for _ in 0..<500 {
            let time = Int64.random(in: 0..<10_000_000_000, using: &dice)
            both.observe(time)
            if Bool.random(using: &dice) { one.observe(time) } else { other.observe(time) }
        }
        one.merge(other)
        #expect(one == both)
    }

    @Test func `a quantile is never farther off than its bucket is wide`() throws {
        var dice = Dice(seed: 3)
        var histogram = Histogram(.wait)
        var times: [Int64] = []
        for _ in 0..<1_000 {
            let time = Int64.random(in: 1..<60_000_000_000, using: &dice)
            times.append(time)
            histogram.observe(time)
        }
        times.sort()
        for part in [0.01, 0.25, 0.5, 0.9, 0.99, 1] {
            let exact = Double(times[Int((part * 1_000).rounded(.up)) - 1]) / 1e9
            let told = try #require(histogram.quantile(part))
            #expect(told <= exact * 2 + 0.001 && exact <= told * 2 + 0.001)
        }
    }

    @Test func `nothing observed has no quantile, and all beyond the bounds counts as the last`() {
        var histogram = Histogram(.wait)
        #expect(histogram.quantile(0.5) == nil)
        histogram.observe(.max)
        #expect(histogram.quantile(0.5) == HistogramScale.wait.seconds(at: HistogramScale.bounds - 1))
        #expect(histogram.quantile(.infinity) == histogram.quantile(-1))
    }

    private func bucket(of time: Int64, _ scale: HistogramScale) -> Int? {
        var histogram = Histogram(scale)
        histogram.observe(time)
        return (0..<Histogram.buckets).first { histogram.count(at: $0) == 1 }
    }
}

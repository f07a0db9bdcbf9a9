// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct DistributionTests {
    @Test func `a percentile is a value that occurred, by nearest rank`() {
        var gaps = Distribution()
        for _ in 0..<98 { gaps.record(20 * .millisecond) }
        gaps.record(420 * .millisecond)
        for (q, value) in [(0.0, 20.0), (0.5, 20), (0.98, 20), (0.99, 420), (1, 420)] {
            let told = gaps.percentile(q) ?? 0
            #expect(abs(Double(told) / 1e6 - value) <= value / 1000, "\(q)")
        }
    }

    @Test func `ranks that are whole numbers do not slip to the next`() {
        var values = Distribution()
        for value in 1...1000 { values.record(Nanoseconds(value) * 1000) }
        for (q, value) in [(0.5, 500), (0.9, 900), (0.95, 950), (0.99, 990), (0.999, 999), (0.07, 70)] {
            #expect((values.percentile(q) ?? 0) / 1000 == Nanoseconds(value), "\(q)")
        }
    }

    @Test func `a reader at a random instant waits in the stall`() {
        var gaps = Distribution()
        for _ in 0..<98 { gaps.record(20 * .millisecond) }
        gaps.record(420 * .millisecond)
        #expect(gaps.timeWeighted(0.9) == 420 * .millisecond)
        #expect((gaps.timeWeighted(0.8) ?? 0) / .millisecond == 20)
        var nothing = Distribution()
        #expect(nothing.timeWeighted(0.5) == nil)
        nothing.record(0)
        #expect(nothing.timeWeighted(0.5) == nil)
    }

    @Test func `a percentile needs ten values beyond it`() {
        var values = Distribution()
        for (q, needed) in [(0.5, 20), (0.9, 100), (0.95, 200), (0.99, 1000), (0.999, 10_000)] {
            while values.count < needed - 1 { values.record(1000) }
            #expect(!values.enoughFor(q), "\(q)")
            values.record(1000)
            #expect(values.enoughFor(q), "\(q)")
        }
    }

    @Test func `least, greatest and mean are exact`() {
        var values = Distribution()
        #expect(values.minimum == nil && values.maximum == nil && values.mean == nil && values.percentile(0.5) == nil)
        for value in [1_234_567, 7, 99_999_999] as [Nanoseconds] { values.record(value) }
        #expect(values.minimum == 7)
        #expect(values.maximum == 99_999_999)
        #expect(values.mean == 101_234_573.0 / 3)
        #expect(values.percentile(1) == 99_999_999)
    }

    @Test func `values out of range count as the range's ends`() {
        var values = Distribution()
        for value in [.min, -1, .max] as [Nanoseconds] { values.record(value) }
        #expect(values.count == 3)
        #expect(values.minimum == 0)
        #expect(values.maximum == Distribution.longest)
        #expect(values.bins().map(\.count) == [2, 1])
    }

    @Test func `the share above a limit counts what exceeds it`() {
        var values = Distribution()
        for value in 1...100 { values.record(Nanoseconds(value) * .millisecond) }
        #expect(values.share(above: 90 * .millisecond + 200_000) == 0.1)
        #expect(values.share(above: 0) == 1)
        #expect(values.share(above: .second) == 0)
        #expect(Distribution().share(above: 0) == 0)
    }

    @Test func `merged parts equal the whole, and come back from JSON`() throws {
        var dice = Dice(seed: 1)
        for _ in 0..<10 {
            var whole = Distribution()
            var parts = [Distribution(), Distribution(), Distribution()]
            for _ in 0..<Int.random(in: 0...500, using: &dice) {
                let scale = Nanoseconds(1) << Nanoseconds.random(in: 0...35, using: &dice)
                let value = Nanoseconds.random(in: 0...scale, using: &dice)
                whole.record(value)
                parts[Int.random(in: 0..<3, using: &dice)].record(value)
            }
            var merged = Distribution()
            for part in parts { merged.merge(try roundTrip(part)) }
            #expect(merged == whole)
            for q in [0.01, 0.5, 0.9, 0.99] {
                #expect(merged.percentile(q) == whole.percentile(q))
                #expect(merged.timeWeighted(q) == whole.timeWeighted(q))
            }
        }
    }

    @Test(arguments: [
        #"{"count":2,"sum":9,"min":1,"max":2,"histogram":[[1000,1],[2000]]}"#,
        #"{"count":2,"sum":9,"min":1,"max":2,"histogram":[[2000,1],[1000,1]]}"#,
        #"{"count":2,"sum":9,"min":1,"max":9,"histogram":[[1000,1],[2000,1]]}"#,
        #"{"count":2,"sum":9,"min":1,"max":1e18,"histogram":[[1000,1],[2000,1]]}"#,
        #"{"count":2,"sum":9,"min":1,"max":2,"histogram":[[1000,9000000000000000000],[2000,1]]}"#,
        #"{"count":2,"sum":9,"min":1,"max":2,"histogram":[[1000,-1],[2000,1]]}"#,
        #"{"count":2,"sum":9,"min":1,"max":2,"histogram":[]}"#,
        #"{"count":2,"sum":9,"min":null,"max":2,"histogram":[[1000,1],[2000,1]]}"#,
        #"{"count":"2"}"#, "[]",
    ])
    func `what does not fit together is no distribution`(text: String) throws {
        let value = try JSONReader.read(Array(text.utf8))
        #expect(throws: RecordProblem.self) { try Distribution(RecordField(value), unit: .milliseconds) }
    }

    private func roundTrip(_ distribution: Distribution) throws -> Distribution {
        var text = JSONText()
        distribution.appendJSON(to: &text, unit: .milliseconds)
        return try Distribution(RecordField(JSONReader.read(text.bytes)), unit: .milliseconds)
    }
}

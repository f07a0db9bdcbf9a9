// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct QuantilesTests {
    @Test func `they are the distribution's own percentiles`() throws {
        var dice = Dice(seed: 9)
        var distribution = Distribution()
        for _ in 0..<3_000 { distribution.record(.random(in: 1_000_000...900_000_000, using: &dice)) }
        let quantiles = Quantiles(distribution)
        for share in [0.01, 0.5, 0.9, 0.99, 0.999, 1] {
            #expect(quantiles.value(at: share) == distribution.percentile(share).map { Double($0) / 1e6 })
            #expect(quantiles.timeWeighted(at: share) == distribution.timeWeighted(share).map { Double($0) / 1e6 })
        }
    }

    @Test func `a stall that is rare among gaps is what a reader often meets`() {
        var distribution = Distribution()
        for _ in 0..<98 { distribution.record(20 * .millisecond) }
        distribution.record(420 * .millisecond)
        let quantiles = Quantiles(distribution)
        #expect((quantiles.value(at: 0.9) ?? 0) < 21)
        #expect((quantiles.timeWeighted(at: 0.9) ?? 0) > 400)
    }

    @Test func `nothing has no percentile`() {
        #expect(Quantiles(Distribution()).value(at: 0.5) == nil)
        #expect(Quantiles(Distribution()).timeWeighted(at: 0.5) == nil)
    }
}

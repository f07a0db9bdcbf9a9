// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Upstream

struct FirstTokenTimesTests {
    private var times = FirstTokenTimes()

    @Test
    mutating func `fewer than 20 values have no percentile, but a median`() {
        #expect(times.median == nil)
        for value in 1...19 { times.observe(Int64(value)) }
        #expect(times.percentile(95) == nil)
        #expect(times.median == 10)
        times.observe(20)
        #expect(times.percentile(95) == 19)
    }

    @Test(arguments: [
        (0.0, 1), (1, 1), (50, 50), (50.5, 51), (99, 99), (100, 100), (250, 100), (-3, 1), (.nan, 1), (.infinity, 100),
    ])
    mutating func `a percentile is the value of the nearest rank`(p: Double, value: Int64) {
        var dice = Dice(seed: 1)
        for value in (1...100).shuffled(using: &dice) { times.observe(Int64(value)) }
        #expect(times.percentile(p) == value)
    }

    @Test
    mutating func `only the latest 256 values count`() {
        for value in 0..<1_000 { times.observe(Int64(value)) }
        #expect(times.percentile(0) == 744)
        #expect(times.percentile(100) == 999)
    }
}

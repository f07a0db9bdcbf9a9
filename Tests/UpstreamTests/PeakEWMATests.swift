// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Upstream

struct PeakEWMATests {
    private var average = PeakEWMA()

    @Test
    mutating func `a higher value counts at once, a lower one slowly`() {
        average.observe(100, now: 0)
        #expect(average.value(now: 0) == 100)
        average.observe(900, now: 1)
        #expect(average.value(now: 1) == 900)
        average.observe(100, now: 2)
        #expect(average.value(now: 2) > 899)
    }

    @Test
    mutating func `in ten seconds it fades to 1 by e`() {
        average.observe(1_000, now: 5)
        #expect(abs(average.value(now: 10_000_000_005) - 367.88) < 0.01)
        average.observe(100, now: 10_000_000_005)
        #expect(abs(average.value(now: 10_000_000_005) - 431.09) < 0.01)
    }

    @Test
    func `it is 0 before the first value`() {
        #expect(average.value(now: 7) == 0)
    }

    @Test(arguments: 0..<20)
    mutating func `it is never below the latest value nor above the highest, whatever the clock does`(seed: UInt64) {
        var dice = Dice(seed: seed)
        var highest: Int64 = 0
        for _ in 0..<500 {
            let value = Int64.random(in: 0...1_000_000, using: &dice)
            let now = Int64.random(in: .min ... .max, using: &dice)
            highest = max(highest, value)
            average.observe(value, now: now)
            #expect(average.value(now: now) >= Double(value))
            #expect(average.value(now: now) <= Double(highest) * (1 + 1e-9))
        }
    }
}

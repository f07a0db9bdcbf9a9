// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct PaceTests {
    @Test(
        arguments: zip([0.1, 40, 10_000, 0], [10 * .second, 25 * .millisecond, .millisecond / 10, 0] as [Nanoseconds])
    )
    func `a rate is units a second, and 0 is no gap at all`(rate: Double, gap: Nanoseconds) {
        let pace = Pace(rate: rate)
        var cadence = pace.cadence(seed: 1)
        #expect(cadence.nextGap() == gap)
        #expect(pace.isUnpaced == (gap == 0))
    }

    @Test
    func `without a rate a trace keeps its own gaps`() {
        var cadence = Pace(rate: nil, shape: .trace([7])).cadence(seed: 1)
        #expect(cadence.nextGap() == 7 * .millisecond)
        #expect(!Pace(rate: nil, shape: .trace([7])).isUnpaced)
    }

    @Test
    func `the seed is the cadence's`() {
        let pace = Pace(shape: .lognormal, jitter: 0.5)
        #expect(pace.cadence(seed: 5) == pace.cadence(seed: 5))
        #expect(pace.cadence(seed: 5) != pace.cadence(seed: 6))
    }

    @Test
    func `units have the names of the wire`() {
        #expect(TextUnit.allCases.map(\.rawValue) == ["character", "word", "token", "delta"])
        #expect(TextUnit(rawValue: "Word") == nil)
    }

    @Test
    func `an open word waits 250 ms, any other unit 50 ms`() {
        for unit in TextUnit.allCases {
            #expect(unit.hold == (unit == .word ? 250 : 50) * .millisecond)
        }
    }
}

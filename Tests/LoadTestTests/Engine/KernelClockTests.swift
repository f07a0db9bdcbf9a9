// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

@testable import LoadTest

struct KernelClockTests {
    @Test func `a stamp is told on the monotonic clock`() {
        var clock = KernelClock()
        clock.observe(offset: 1_000_000_000_000)
        #expect(clock.time(ofStamp: 1_000_000_000_123) == 123)
    }

    @Test func `slewing is no step, and setting the clock is one, in either direction`() {
        var clock = KernelClock()
        clock.observe(offset: 5 * .second)
        clock.observe(offset: 5 * .second + KernelClock.stepSize)
        #expect(clock.steps == 0)
        clock.observe(offset: 6 * .second)
        clock.observe(offset: 4 * .second)
        #expect(clock.steps == 2)
    }

    @Test func `two samples of the machine's clocks agree`() {
        var clock = KernelClock()
        clock.sample()
        let first = clock.offset
        clock.sample()
        #expect(abs(clock.offset - first) < .second)
    }
}

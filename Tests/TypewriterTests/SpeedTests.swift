// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

struct SpeedTests {
    private static let pace = Pace(unit: .word, rate: 20, pause: 100, firstDelay: 300)

    @Test
    func `ten times the speed is a tenth of each wait`() {
        let fast = Self.pace.scaled(by: 10)
        #expect(fast.rate == 200 && fast.firstDelay == 30 && fast.pause == 10 && fast.unit == .word)
    }

    @Test
    func `no speed waits for nothing, and the speed of one changes nothing`() {
        let none = Self.pace.scaled(by: 0)
        #expect(none.isUnpaced && none.firstDelay == 0 && none.pause == 0)
        #expect(Self.pace.scaled(by: 1) == Self.pace)
    }

    @Test
    func `a recorded cadence keeps its rhythm, faster`() {
        var pace = Pace(rate: nil, shape: .trace([10, 30]))
        pace = pace.scaled(by: 2)
        #expect(pace.rate == 100)
        var cadence = pace.cadence(seed: 1)
        #expect([cadence.nextGap(), cadence.nextGap()] == [5 * .millisecond, 15 * .millisecond])
    }

    @Test
    func `a delay moves what is not typed yet, and nothing else`() {
        let text = Array("a b".utf8)
        var typewriter = Typewriter(pace: Pace(unit: .word, rate: 10), seed: 1, start: 0)
        #expect(
            typewriter.step(in: text.span, base: 0, isComplete: true, deltaEnds: [], now: 0) == .type(end: 1, due: 0)
        )
        typewriter.delay(by: 50 * .millisecond)
        #expect(
            typewriter.step(in: text.span, base: 0, isComplete: true, deltaEnds: [], now: 0)
                == .wait(until: 150 * .millisecond)
        )
        typewriter.delay(by: 50 * .millisecond)
        #expect(
            typewriter.step(in: text.span, base: 0, isComplete: true, deltaEnds: [], now: 200 * .millisecond)
                == .type(end: 3, due: 200 * .millisecond)
        )
    }
}

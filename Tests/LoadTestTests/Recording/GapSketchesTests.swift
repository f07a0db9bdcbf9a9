// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct GapSketchesTests {
    @Test func `few gaps are kept as they are`() {
        var sketches = GapSketches(places: 2)
        for number in 0..<32 { sketches.add(Nanoseconds(number) * .millisecond, number: number, place: 1) }
        #expect(sketches.gaps(count: 32, place: 1) == (0..<32).map { Nanoseconds($0) * .millisecond })
        #expect(sketches.gaps(count: 3, place: 1).count == 3)
        #expect(sketches.gaps(count: 0, place: 1).isEmpty)
    }

    @Test func `of many gaps each entry keeps the longest of its part`() {
        var dice = Dice(seed: 2)
        var sketches = GapSketches(places: 1)
        for _ in 0..<100 {
            let gaps = (0..<Int.random(in: 1...3000, using: &dice)).map { _ in
                Nanoseconds.random(in: 0...1_000_000, using: &dice) * 1000
            }
            for (number, gap) in gaps.enumerated() { sketches.add(gap, number: number, place: 0) }
            var part = 1
            while gaps.count > 32 * part { part *= 2 }
            let expected = stride(from: 0, to: gaps.count, by: part).map {
                gaps[$0..<min($0 + part, gaps.count)].max() ?? 0
            }
            #expect(sketches.gaps(count: gaps.count, place: 0) == expected)
        }
    }

    @Test func `places keep apart, and more can be had`() {
        var sketches = GapSketches(places: 1)
        sketches.add(.millisecond, number: 0, place: 0)
        sketches.reserve(3)
        sketches.add(.second, number: 0, place: 2)
        #expect(sketches.gaps(count: 1, place: 0) == [.millisecond])
        #expect(sketches.gaps(count: 1, place: 2) == [.second])
    }
}

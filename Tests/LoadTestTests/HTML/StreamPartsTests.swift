// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct StreamPartsTests {
    @Test func `a part with a stall takes the stall's time, and the others share the rest`() {
        var sketch = StreamSketch()
        sketch.planned = .second
        (sketch.sent, sketch.firstContent, sketch.lastContent) = (
            .millisecond, 100 * .millisecond, 1_100 * .millisecond
        )
        sketch.gaps = [20, 420, 20, 20].map { $0 * .millisecond }
        let parts = StreamParts(sketch)
        #expect(parts.sent == 1_001)
        #expect(parts.firstContent == 1_100)
        #expect(parts.end == 2_100)
        #expect(parts.pieces.map { ($0.to - $0.from).rounded() } == [150, 550, 150, 150])
    }

    @Test func `whatever a sketch says, its pieces follow one another from the first token to the last`() {
        var dice = Dice(seed: 3)
        for _ in 0..<500 {
            func any() -> Nanoseconds {
                [.random(in: -5...1_000_000_000_000, using: &dice), .max, .min, 0][Int.random(in: 0..<4, using: &dice)]
            }
            var sketch = StreamSketch()
            (sketch.planned, sketch.sent, sketch.firstContent, sketch.lastContent) = (any(), any(), any(), any())
            sketch.gaps = (0..<Int.random(in: 0..<40, using: &dice)).map { _ in any() }
            let parts = StreamParts(sketch)
            #expect(parts.end >= parts.planned)
            #expect(zip(parts.pieces, parts.pieces.dropFirst()).allSatisfy { $0.to == $1.from && $0.from <= $0.to })
        }
    }

    @Test func `a request that came to nothing has no pieces`() {
        let parts = StreamParts(StreamSketch())
        #expect(parts.sent == nil)
        #expect(parts.pieces.isEmpty)
    }
}

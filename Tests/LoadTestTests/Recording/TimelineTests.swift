// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

@testable import LoadTest

struct TimelineTests {
    @Test func `a window is a second, and its streams ran all the while`() {
        var timeline = Timeline()
        timeline.reach(2500 * .millisecond, streams: 7)
        #expect(timeline.windows.map(\.streams) == [7, 7, 7])
        #expect(timeline.end == 3 * .second)
    }

    @Test func `a long run has wider windows, not more`() {
        var timeline = Timeline()
        for second in 0..<10_000 {
            timeline.reach(Nanoseconds(second) * .second, streams: 6)
            timeline.last.begun += 1
            timeline.last.longestGap = max(timeline.last.longestGap, Nanoseconds(second))
        }
        #expect(timeline.width == 64 * .second)
        #expect(timeline.windows.count == 157)
        #expect(timeline.windows.reduce(0) { $0 + $1.begun } == 10_000)
        #expect(timeline.windows.map(\.longestGap) == (1...157).map { min(Nanoseconds($0) * 64, 10_000) - 1 })
        #expect(timeline.windows.allSatisfy { $0.streams == 6 })
    }

    @Test func `a clock gone wrong does not fill the memory`() {
        var timeline = Timeline()
        timeline.reach(.max, streams: 1)
        #expect(timeline.windows.count <= Timeline.mostWindows)
    }

    @Test func `timelines of unequal widths add up`() {
        var long = Timeline()
        long.reach(400 * .second, streams: 1)
        var short = Timeline()
        short.reach(4 * .second, streams: 2)
        for index in 0..<5 { short.windows[index].contents = index }
        var merged = short
        merged.merge(long)
        long.merge(short)
        #expect(merged == long)
        #expect(merged.width == 2 * .second)
        #expect(merged.windows.prefix(4).map(\.contents) == [1, 5, 4, 0])
        #expect(merged.windows.prefix(4).map(\.streams) == [3, 3, 3, 1])
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

@testable import Gateway

struct StallWatchTests {
    /// When a client is given up that is asked every second, in seconds.
    private func end(_ progress: (Int) -> (delivered: Int, undelivered: Int)) -> Int? {
        var watch = StallWatch(limit: 30 * .second, now: 0)
        return (0..<100).first { watch.hasStalled(progress($0), now: Nanoseconds($0) * .second) }
    }

    @Test func `who takes nothing is given up after its time, and a look`() {
        let end = end { _ in (0, 5) }
        #expect((30...34).contains(end ?? 0))
    }

    @Test func `who takes a byte now and then is not`() {
        #expect(end { (delivered: $0 / 20, undelivered: 1000) } == nil)
    }

    @Test func `who has taken all may be told nothing for as long as one likes`() {
        #expect(end { _ in (100, 0) } == nil)
    }

    @Test func `the system is not asked each time`() {
        var asked = 0
        _ = end { _ in
            asked += 1
            return (0, 0)
        }
        #expect(asked == 25)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

@testable import LoadTest

struct FailurePausesTests {
    @Test func `each waits its time, in the order of coming`() {
        var pauses = FailurePauses()
        #expect(pauses.nextTime == nil)
        pauses.add(target: 0, at: 0)
        pauses.add(target: 1, at: 10)
        #expect(pauses.nextTime == FailurePauses.length)
        #expect(pauses.next(at: FailurePauses.length - 1) == nil)
        #expect(pauses.next(at: FailurePauses.length) == 0)
        #expect(pauses.next(at: FailurePauses.length) == nil)
        #expect(pauses.next(at: FailurePauses.length + 10) == 1)
        #expect(pauses.nextTime == nil)
    }

    @Test func `a steady stream of failures keeps its order`() {
        var pauses = FailurePauses()
        var next = 0
        for step in 0..<1000 {
            pauses.add(target: step, at: Nanoseconds(step) * .millisecond)
            while let target = pauses.next(at: Nanoseconds(step) * .millisecond) {
                #expect(target == next)
                next += 1
            }
        }
        #expect(next == 900)
    }
}

// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import HTTPServer

struct LeftoverWatchTests {
    private static let start = NIODeadline.uptimeNanoseconds(1)

    @Test func `a peer that takes a little now and then has not stopped, and one that takes nothing has`() {
        var watch = LeftoverWatch(limit: .seconds(30), delivered: 100, now: Self.start)
        for step in 1...10 {
            let hasStopped = watch.hasStopped(delivered: 100 + step, now: Self.start + .seconds(29 * Int64(step)))
            #expect(!hasStopped)
        }
        let ends = [Int64(319), 320].map { watch.hasStopped(delivered: 110, now: Self.start + .seconds($0)) }
        #expect(ends == [false, true])
    }

    @Test func `a stop is seen an eighth of its time late at most`() {
        let watch = LeftoverWatch(limit: .seconds(32), delivered: 0, now: Self.start)
        #expect(watch.nextLook(after: Self.start) == Self.start + .seconds(4))
    }
}

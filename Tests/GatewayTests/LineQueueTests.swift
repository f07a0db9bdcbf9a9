// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Gateway

struct LineQueueTests {
    private func note(_ dropped: Int) -> [UInt8] { Array("\(dropped) left out\n".utf8) }

    private func take(_ queue: inout LineQueue) -> String? {
        queue.take(noting: note).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `lines come out in their order, all at once`() {
        var queue = LineQueue(limit: 100)
        for line in ["a\n", "b\n", "c\n"] { _ = queue.append(Array(line.utf8)) }
        #expect(take(&queue) == "a\nb\nc\n")
        #expect(take(&queue) == nil)
    }

    @Test func `who finds nobody writing is told to begin, once`() {
        var queue = LineQueue(limit: 100)
        let told = [queue.append([1]), queue.append([2])]
        _ = take(&queue)
        // The writer comes back for more until there is none.
        let toldWhileWriting = queue.append([3])
        _ = take(&queue)
        #expect(take(&queue) == nil)
        let toldAfterwards = queue.append([4])
        #expect((told, toldWhileWriting, toldAfterwards) == ([true, false], false, true))
    }

    @Test func `what goes over the limit is left out, counted, and told after what came before it`() {
        var queue = LineQueue(limit: 4)
        for line in ["ab\n", "c", "de\n", "f\n", "g"] { _ = queue.append(Array(line.utf8)) }
        #expect(take(&queue) == "ab\nc3 left out\n")
        _ = queue.append(Array("h\n".utf8))
        #expect(take(&queue) == "h\n")
    }

    @Test func `a line that is longer than the limit is told though nothing else waits`() {
        var queue = LineQueue(limit: 4)
        let hasToBegin = queue.append(Array("too long\n".utf8))
        #expect(hasToBegin)
        #expect(take(&queue) == "1 left out\n")
        #expect(take(&queue) == nil)
    }
}

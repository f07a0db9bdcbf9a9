// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct FindingLogTests {
    @Test func `one finding of each kind is kept, the first, with how many there were`() {
        var log = FindingLog()
        log.add(.lose, seen: "a", event: 3, offset: 9)
        log.add(.lose, seen: "b")
        log.add(.comments, seen: "c")
        var other = FindingLog()
        other.add(.lose, seen: "d")
        log.merge(other)
        #expect(log.findings.map(\.count) == [3, 1] && log.findings[0].seen == "a")
        #expect(log.findings[0].line == "lose at event 3, byte 9: a (3 times)")
        #expect(log.findings[1].line == "note: comments: c")
    }
}

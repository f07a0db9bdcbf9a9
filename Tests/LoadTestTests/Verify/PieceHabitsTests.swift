// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter

@testable import LoadTest

struct PieceHabitsTests {
    private func notes(_ reads: [(rest: String, hasEnded: Bool, at: Nanoseconds)]) -> [Finding] {
        var habits = PieceHabits()
        for read in reads { habits.read(rest: Array(read.rest.utf8), hasEnded: read.hasEnded, at: read.at) }
        var log = FindingLog()
        habits.judge(&log)
        return log.findings
    }

    @Test func `reads that end with events are no habit`() {
        #expect(notes([("", true, 0), ("", true, .second)]).isEmpty)
    }

    @Test func `reads that end inside events are counted`() {
        let found = notes([("da", false, 0), ("", true, 1)])
        #expect(found.map(\.kind) == [.split] && found[0].seen == "1 of 2 reads ended inside an event")
    }

    @Test func `an event that takes its time comes in a drip`() {
        let found = notes([("d", false, 0), ("da", false, 30 * .millisecond), ("", true, 60 * .millisecond)])
        #expect(found.map(\.kind) == [.drip, .split] && found[0].seen.contains("60 ms"))
    }

    @Test func `a read that ends inside a character is told`() {
        var habits = PieceHabits()
        habits.read(rest: [0x61, 0xE2, 0x82], hasEnded: false, at: 0)
        var log = FindingLog()
        habits.judge(&log)
        #expect(log.findings[0].seen.contains("1 of them inside a character"))
    }

    @Test func `an event longer than any buffer is no measure`() {
        let long = String(repeating: "x", count: 20_000)
        #expect(notes([(long, false, 0), ("", true, .second)]).isEmpty)
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

struct IDChainTests {
    private func kinds(_ numbers: [Int], start: Int? = nil, unreadable: Int = 0) -> [FindingKind] {
        var chain = IDChain()
        chain.start = start
        chain.unreadable = unreadable
        for (index, number) in numbers.enumerated() {
            chain.add(StreamFrame(number: index + 1, offset: index * 10, data: []), end: number)
        }
        var log = FindingLog()
        chain.judge(unit: "events", &log)
        return log.findings.map(\.kind)
    }

    @Test func `numbers that ascend by one are right wherever they begin`() {
        #expect(kinds([]) == [] && kinds([5, 6, 7]) == [] && kinds([1, 2], start: 0) == [])
    }

    @Test func `a hole, a repetition and a swap are told apart`() {
        #expect(kinds([1, 2, 4]) == [.lose])
        #expect(kinds([2, 3], start: 0) == [.lose])
        #expect(kinds([1, 2, 2, 3]) == [.duplicate])
        #expect(kinds([1, 3, 2, 4]) == [.reorder])
    }

    @Test func `an event that could not be read explains one hole`() {
        #expect(kinds([1, 3], unreadable: 1) == [])
        #expect(kinds([1, 3, 5], unreadable: 1) == [.lose])
    }

    @Test func `any one change of a chain is found by its name`() {
        var dice = Dice(seed: 3)
        for _ in 0..<200 {
            let numbers = Array(0..<Int.random(in: 3...40, using: &dice))
            let place = Int.random(in: 1..<numbers.count - 1, using: &dice)
            var changed = numbers
            changed.remove(at: place)
            #expect(kinds(changed) == [.lose])
            changed = numbers
            changed.insert(numbers[place], at: place + 1)
            #expect(kinds(changed) == [.duplicate])
            changed = numbers
            changed.swapAt(place, place - 1)
            #expect(kinds(changed) == [.reorder])
        }
    }
}

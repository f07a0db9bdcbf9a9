// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Gateway

struct ShelfTests {
    @Test
    func `the oldest go when there are too many`() {
        let shelf = Shelf<Int>(count: 2, bytes: 100)
        for number in 1...3 { shelf.put(number, as: "\(number)", bytes: 1) }
        #expect(shelf["1"] == nil && shelf["2"] == 2 && shelf["3"] == 3)
        #expect(shelf.newest(5) == [3, 2])
    }

    @Test
    func `the oldest go when they weigh too much, and the newest stays whatever it weighs`() {
        let shelf = Shelf<Int>(count: 10, bytes: 100)
        shelf.put(1, as: "1", bytes: 60)
        shelf.put(2, as: "2", bytes: 60)
        #expect(shelf["1"] == nil && shelf["2"] == 2)
        shelf.put(3, as: "3", bytes: 1000)
        #expect(shelf["2"] == nil && shelf["3"] == 3)
    }

    @Test
    func `a thing put in the place of another takes its weight away`() {
        let shelf = Shelf<Int>(count: 10, bytes: 100)
        shelf.put(0, as: "old", bytes: 10)
        for number in 1...50 { shelf.put(number, as: "same", bytes: 80) }
        #expect(shelf["old"] == 0 && shelf["same"] == 50)
    }

    @Test
    func `a thing can be changed and taken away`() {
        let shelf = Shelf<Int>()
        shelf.put(1, as: "a", bytes: 1)
        #expect(
            shelf.change("a") {
                $0 += 1
                return $0
            } == 2
        )
        #expect(shelf.change("b") { $0 } == nil)
        #expect(shelf.remove("a") && !shelf.remove("a") && shelf["a"] == nil)
    }
}
